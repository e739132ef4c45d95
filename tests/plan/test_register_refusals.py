"""Register writes without a part in the plan are refused by name, address and line."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import build_plan
from tests.lowering_samples import AUGUST, sample_text
from tests.plan.test_register_sequences import push, register_plan, writebd

ZERO = "%zero = arith.constant 0 : i32\n"
SHIM_WORDS = (
    "%words = memref.get_global @shim_words : memref<8xi32>\n"
    "aiex.npu.blockwrite(%words) {address = 118784 : ui32} : memref<8xi32>\n"
)
PATCH = "aiex.npu.address_patch(%zero : i32) {addr = 118788 : ui32, arg_idx = 0 : i32}\n"
START = push(0, 0, "MM2S : 0", "%zero", "%zero", "false")
CORE_START = push(0, 2, "S2MM : 0", "%zero", "%zero", "false")
NO_PART = (
    "  because: the simulation has no part for it: it knows memory, locks, and the descriptors, "
    "queues and control words of DMA channels"
)


def write(address: int, value: int, tile: str = "") -> str:
    """A write32 of numbers, in its third line; `tile` names column and row."""
    return (
        f"%address = arith.constant {address} : i32\n%value = arith.constant {value} : i32\n"
        f"aiex.npu.write32(%address, %value){tile} : i32, i32"
    )


CORE = " {column = 0 : i32, row = 2 : i32}"
# The sequence's first line is line 17 of the module.
REFUSED = {
    "a register with a name": (
        write(0x3F004, 1, CORE),
        "19:1: the sequence writes Stream_Switch_Master_Config1 of tile (0, 2), at 0x23f004\n"
        + NO_PART,
    ),
    "a register without a name": (
        write(0x1D018, 1, CORE),
        "19:1: the sequence writes an unknown register of tile (0, 2), at 0x21d018\n" + NO_PART,
    ),
    "a tile outside": (
        write(9 << 25, 1),
        "19:1: a register write to address 0x12000000\n"
        "  because: tile (9, 0) is outside npu1: columns 0..3, rows 0..5",
    ),
    "half a word": (
        write(0x402, 1, CORE),
        "19:1: a register write to byte 0x402 of tile (0, 2)\n"
        "  because: registers and memory are written in words of 4 bytes",
    ),
    "memory without a buffer": (
        write(0x800, 1, CORE),
        "19:1: the sequence writes byte 0x800 of the memory of tile (0, 2)\n"
        "  because: no buffer is there; the tile has 'x' at 0x400..0x440",
    ),
    "a word past a named buffer": (
        write(16, 1, " {buffer = @x}"),
        "19:1: aiex.npu.write32 writes word 16 of 'x'\n  because: the buffer has 16",
    ),
    "a lock's value too large": (
        write(0x1F000, 64, CORE),
        "19:1: the sequence sets lock 0 of tile (0, 2) to 64\n  because: a lock holds 0..63",
    ),
    "a core reset": (
        write(0x32000, 2, CORE),
        "19:1: the sequence writes Core_Control of tile (0, 2)\n"
        "  because: cores run from configuration on here; none is stopped or reset later",
    ),
    "a channel reset": (
        write(0x1DE00, 2, CORE),
        "19:1: the sequence sets reset of S2MM 0 of tile (0, 2)\n"
        "  because: of a channel's control word only the controller id has a part in the "
        "simulation",
    ),
    "unknown bits of a channel": (
        write(0x1DE00, 1, CORE),
        "19:1: the sequence writes 0x00000001 to the control word of S2MM 0 of tile (0, 2)\n"
        "  because: its bits 0x1 have no known meaning",
    ),
    "unknown bits of a queue": (
        write(0x1DE04, 1 << 8, CORE),
        "19:1: the sequence writes 0x00000100 to the start queue of S2MM 0 of tile (0, 2)\n"
        "  because: its bits 0x100 have no known meaning",
    ),
    "some bits of a queue": (
        ZERO + "%queue = arith.constant 119316 : i32\n"
        "aiex.npu.maskwrite32(%queue, %zero, %zero) : i32, i32, i32",
        "19:1: the sequence writes some bits of a start queue of tile (0, 0)\n"
        "  because: the mask is 0x0, and what the other bits hold is not known\n"
        "  try: aiex.npu.write32",
    ),
    "some bits of a byte": (
        "%one = arith.constant 1 : i32\n%byte = arith.constant 1024 : i32\n"
        f"aiex.npu.maskwrite32(%byte, %one, %one){CORE} : i32, i32, i32",
        "19:1: the sequence writes some bits of a byte of memory at 0x400\n"
        "  because: the mask is 0x1; the plan writes whole bytes",
    ),
    "a descriptor nobody wrote": (
        ZERO + CORE_START,
        "18:1: S2MM 0 of tile (0, 2) is given descriptor 0\n"
        "  because: nothing wrote descriptor 0 of tile (0, 2) before",
    ),
    "a descriptor that is not valid": (
        ZERO + writebd(row=2, buffer_length=4, buffer_offset=1024, valid_bd=0) + "\n" + CORE_START,
        "19:1: descriptor 0 of tile (0, 2) cannot be run\n"
        "  because: its bit valid is not set; its words are [0x00400004, 0x00000000, 0x00000000, "
        "0x00000000, 0x00000000, 0x00000000]",
    ),
    "a descriptor without a length": (
        ZERO + writebd(row=2, buffer_offset=1024) + "\n" + CORE_START,
        "19:1: descriptor 0 of tile (0, 2) cannot be run\n"
        "  because: its length is 0; its words are [0x00400000, 0x00000000, 0x00000000, "
        "0x00000000, 0x00000000, 0x02000000]",
    ),
    "a descriptor past its buffer": (
        ZERO + writebd(row=2, buffer_length=17, buffer_offset=1024) + "\n" + CORE_START,
        "19:1: descriptor 0 of tile (0, 2) moves bytes 0x400..0x444 of tile (0, 2)\n"
        "  because: no buffer holds all of them; the tile has 'x' at 0x400..0x440",
    ),
    "a descriptor of the other half": (
        ZERO + writebd(row=1, bd_id=0, buffer_length=4, buffer_offset=0x81000) + "\n"
        + push(0, 1, "S2MM : 1", "%zero", "%zero", "false"),
        "19:1: S2MM 1 of tile (0, 1) is given descriptor 0\n  because: it may use 24..47",
    ),
    "a field that is too small": (
        writebd(row=2, buffer_length=2**14, buffer_offset=1024),
        "17:1: a write of descriptor 0 of tile (0, 2)\n"
        "  because: length is 16384; its field holds 0..16383",
    ),
    "padding on a core tile": (
        writebd(row=2, buffer_length=4, d0_zero_before=1),
        "17:1: a write of descriptor 0 of tile (0, 2)\n"
        "  because: d0_zero_before is 1, and a core tile has no such field",
    ),
    "a lock of a tile that is not there": (
        ZERO + writebd(row=1, buffer_length=4, buffer_offset=0x81000, lock_acq_enable=1,
                       lock_acq_id=5, lock_acq_val=-1) + "\n"
        + push(0, 1, "S2MM : 0", "%zero", "%zero", "false"),
        "19:1: descriptor 0 of tile (0, 1) uses lock 5\n"
        "  because: that is lock 5 of tile (-1, 1), which npu1 has not\n"
        "  try: 69: lock 5 of the tile itself",
    ),
    "no patch": (
        ZERO + SHIM_WORDS + START,
        "20:1: MM2S 0 of tile (0, 0) is given descriptor 0, whose address is no argument's\n"
        "  because: no aiex.npu.address_patch came after its words were written",
    ),
    "a patch before the words": (
        ZERO + PATCH + SHIM_WORDS + START,
        "21:1: MM2S 0 of tile (0, 0) is given descriptor 0, whose address is no argument's\n"
        "  because: no aiex.npu.address_patch came after its words were written",
    ),
    "a patch of something else": (
        ZERO + PATCH.replace("118788", "118792"),
        "18:1: address_patch names 0x1d008\n"
        "  because: only word 1 of a shim tile's descriptor takes the address of an argument",
    ),
    "a patch with no argument": (
        ZERO + PATCH.replace("arg_idx = 0", "arg_idx = 2"),
        "18:1: address_patch names argument 2\n"
        "  because: the runtime sequence has 2, counted from 0",
    ),
    "a transfer past its argument": (
        "%zero = arith.constant 4 : i32\n" + SHIM_WORDS + PATCH
        + "%none = arith.constant 0 : i32\n" + push(0, 0, "MM2S : 0", "%none", "%none", "false"),
        "22:1: descriptor 0 of tile (0, 0) moves bytes 4..260 of argument 0\n"
        "  because: the argument has 256 bytes, in words of 4",
    ),
    "too many repeats": (
        ZERO + SHIM_WORDS + PATCH + "%many = arith.constant 256 : i32\n"
        + push(0, 0, "MM2S : 0", "%zero", "%many", "false"),
        "22:1: a push to the queue of MM2S 0 of tile (0, 0)\n"
        "  because: repeat_count is 256; its field holds 0..255",
    ),
    "a descriptor that may be read yet": (
        ZERO + SHIM_WORDS + PATCH + START + "\n" + PATCH,
        "22:1: the sequence writes descriptor 0 of tile (0, 0)\n"
        "  because: MM2S 0 of tile (0, 0) was given it, and nothing was waited for since: it may "
        "be read before or after the write\n"
        "  try: an aiex.npu.sync before the write, or another descriptor",
    ),
    "a sync of no direction": (
        "%two = arith.constant 2 : i32\n"
        "aiex.npu.sync(%two, %two, %two, %two, %two, %two) : i32, i32, i32, i32, i32, i32",
        "18:1: aiex.npu.sync names direction 2\n"
        "  because: it is 0, into memory (S2MM), or 1, out of memory (MM2S)",
    ),
    "a sync of nothing": (
        ZERO + "aiex.npu.sync(%zero, %zero, %zero, %zero, %zero, %zero) : "
        "i32, i32, i32, i32, i32, i32",
        "18:1: aiex.npu.sync waits for 0 columns and 0 rows\n"
        "  because: there is at least one of each",
    ),
    "words that no global holds": (
        "%words = memref.get_global @no_words : memref<8xi32>\n"
        "aiex.npu.blockwrite(%words) {address = 118784 : ui32} : memref<8xi32>",
        "18:1: there is no memref.global @no_words",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_register_write_cannot_mean_is_refused(case: str) -> None:
    body, message = REFUSED[case]
    with pytest.raises(DesignError) as refusal:
        register_plan(body)
    assert str(refusal.value) == f"registers.mlir:{message}"


def test_a_chain_that_runs_for_ever_is_not_written() -> None:
    """The configuration's ring may be read at any time."""
    with pytest.raises(DesignError) as refusal:
        register_plan(
            write(0x1D000, 1, CORE),
            extra="""%dma = aie.mem(%tile) {
%0 = aie.dma(S2MM, 0) [{
aie.dma_bd(%x : memref<16xi32> offset = 0 len = 16) {bd_id = 0 : i32}
}]
aie.end
}
""",
        )
    assert str(refusal.value) == (
        "registers.mlir:25:1: the sequence writes descriptor 0 of tile (0, 2)\n"
        "  because: it is part of the chain that S2MM 0 of tile (0, 2) repeats from the "
        "configuration on, and may be read at any time\n"
        "  try: a descriptor that no DMA program uses"
    )


REARM = sample_text(AUGUST, "41_rearm", "npu.mlir")
CHANGED = {
    "another descriptor": (
        "write32(%c1705476_i32, %c0_i32_12)",
        "write32(%c1705476_i32, %c2_i32_13)",
        "S2MM 0 of tile (0, 1) without its chain",
    ),
    "a lock that is left": (
        "aiex.npu.write32(%c786448_i32, %c0_i32_9) {column = 0 : i32, row = 1 : i32} : i32, i32\n",
        "\n",
        "lock 'feed_cons_cons_lock_0' as it is",
    ),
    "a lock at another value": (
        "write32(%c786448_i32, %c0_i32_9)",
        "write32(%c786448_i32, %c2_i32_8)",
        "lock 'feed_cons_cons_lock_0' at 2, which begins at 0",
    ),
    "a core that stays in reset": (
        "maskwrite32(%c204800_i32_1, %c0_i32, ",
        "maskwrite32(%c204800_i32_1, %c2_i32, ",
        "the core of tile (0, 2) in reset",
    ),
    "a channel that is started besides": (
        "%c2219540_i32 = arith.constant 2219540 : i32",
        "%c2219540_i32 = arith.constant 2219540 : i32\n"
        "%c1705484_i32 = arith.constant 1705484 : i32\n"
        "aiex.npu.write32(%c1705484_i32, %c0_i32) : i32, i32",
        "S2MM 1 of tile (0, 1) with a chain that the configuration does not start",
    ),
}


@pytest.mark.parametrize("case", CHANGED)
def test_resets_that_begin_something_else_are_refused(case: str) -> None:
    before, after, left = CHANGED[case]
    assert before in REARM
    with pytest.raises(DesignError) as refusal:
        build_plan(lower(parse_module(REARM.replace(before, after, 1), "rearm.mlir")))
    assert str(refusal.value) == (
        "rearm.mlir:67:7: the sequence resets a part of the array\n"
        f"  because: its first writes leave {left}; only what begins all anew changes nothing\n"
        "  try: resets of every core and channel, every lock, every start, or none"
    )
