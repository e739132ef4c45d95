"""What a plan cannot hold is refused by name, line and remedy, not skipped."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.plan import build_plan


def device(body: str) -> str:
    """A device with four tiles and `body`, which starts in line 7."""
    return (
        "module {\naie.device(npu1) {\n%shim = aie.tile(0, 0)\n%mem = aie.tile(0, 1)\n"
        f"%tile = aie.tile(0, 2)\n%next = aie.tile(0, 3)\n{body}\n}}\n}}\n"
    )


def core(body: str) -> str:
    """A core whose program is `body`, which starts in line 9, on a buffer `%x`."""
    return device(
        "%x = aie.buffer(%tile) {address = 1024 : i32} : memref<16xi32>\n"
        f"%core = aie.core(%tile) {{\n{body}\naie.end\n}}"
    )


def sequence(body: str, arguments: str = "%a: memref<64xi32>") -> str:
    """A runtime sequence with `body`, which starts in line 8."""
    return device(f"aie.runtime_sequence({arguments}) {{\n{body}\n}}")


REFUSED = {
    "a buffer without an address": (
        device('%x = aie.buffer(%tile) {sym_name = "x"} : memref<16xi32>'),
        "plan.mlir:7:6: buffer 'x' on tile (0, 2) has no address\n"
        "  try: the pass assign-buffer-addresses before the plan is built",
    ),
    "a buffer on a tile without a place": (
        device(
            "%t = aie.logical_tile<CoreTile>(?, ?)\n"
            '%x = aie.buffer(%t) {address = 0 : i32, sym_name = "x"} : memref<16xi32>'
        ),
        "plan.mlir:7:6: aie.logical_tile is not lowered",
    ),
    "a lock without an id": (
        device('%l = aie.lock(%tile) {init = 0 : i32, sym_name = "l"}'),
        "plan.mlir:7:6: lock 'l' on tile (0, 2) has no id\n"
        "  try: the pass assign-lock-ids before the plan is built",
    ),
    "a descriptor without an id": (
        device(
            "%x = aie.buffer(%tile) {address = 1024 : i32} : memref<16xi32>\n"
            "%d = aie.mem(%tile) {\n%s = aie.dma_start(S2MM, 0, ^one, ^end)\n^one:\n"
            "aie.dma_bd(%x : memref<16xi32>)\naie.next_bd ^end\n^end:\naie.end\n}"
        ),
        "plan.mlir:11:1: a descriptor of tile (0, 2) has no id\n"
        "  try: the passes assign-descriptor-ids and lower-sequence before the plan is built",
    ),
    "host memory that is no argument": (
        device(
            '%x = aie.external_buffer {sym_name = "x"} : memref<16xi32>\n'
            "%d = aie.shim_dma(%shim) {\n%s = aie.dma_start(MM2S, 0, ^one, ^end)\n^one:\n"
            "aie.dma_bd(%x : memref<16xi32>) {bd_id = 0 : i32}\naie.next_bd ^end\n"
            "^end:\naie.end\n}"
        ),
        "plan.mlir:11:1: a descriptor moves an aie.external_buffer\n"
        "  because: host memory comes with the arguments of the runtime sequence here\n"
        "  try: a task of the sequence that moves its argument",
    ),
    "a flow without a way": (
        device("aie.flow(%shim, DMA : 0, %tile, DMA : 0)"),
        "plan.mlir:7:1: this flow has no way through the stream switches yet\n"
        "  try: the pass route-flows before the plan is built",
    ),
    "a switch that leads nowhere": (
        device("%s = aie.switchbox(%tile) {\naie.connect<DMA : 0, North : 0>\n}"),
        "plan.mlir:8:1: the stream from DMA 0 of tile (0, 2) ends inside the stream switches",
    ),
    "a fifo that is not lowered": (
        device("aie.objectfifo @f(%shim, {%tile}, 2 : i32) : !aie.objectfifo<memref<16xi32>>"),
        "plan.mlir:7:1: aie.objectfifo is not lowered",
    ),
    "a loop over affine bounds": (
        core("affine.for %i = 0 to 16 {\n}"),
        "plan.mlir:9:1: affine.for cannot run in a core\n"
        "  because: it is not among the operations that the plan of a core is made of",
    ),
    "an element that no core has": (
        core("%z = arith.constant 0 : i24"),
        "plan.mlir:9:6: i24 is not an element type of the device\n"
        "  because: known are i8, i16, i32, i64, ui8, ui16, ui32, ui64, bf16, f16, f32, f64, i1, "
        "index",
    ),
    "a core that is a file": (
        device('%core = aie.core(%tile) {\naie.end\n} {elf_file = "core.elf"}'),
        "plan.mlir:7:9: the core on tile (0, 2) runs 'core.elf'\n"
        "  because: an ELF file holds a program for the device, not one for the simulator\n"
        "  try: the program as the body of the core",
    ),
    "a function that nobody declares": (
        core("func.call @nobody() : () -> ()"),
        "plan.mlir:9:1: the function 'nobody' is called but not declared",
    ),
    "a number as argument of the sequence": (
        sequence("", "%a: memref<64xi32>, %n: i32"),
        "plan.mlir:7:1: argument 1 of the runtime sequence is i32\n"
        "  because: only tensors in memory can be handed to a compiled sequence\n"
        "  try: a number that is known when the design is built",
    ),
    "a parameter without a buffer": (
        sequence("%c = arith.constant 4 : i32\naiex.npu.rtp_write(@dial, 0, %c) : i32"),
        "plan.mlir:9:1: there is no buffer called 'dial'\n  because: the device has none",
    ),
    "a layout known only at run time": (
        sequence(
            "%t = aiex.dma_configure_task(%shim, MM2S, 0) {\n"
            "%n = arith.constant 4 : i32\n"
            "aie.dma_bd(%a : memref<64xi32> offset = %n len = 8) {bd_id = 0 : i32}\naie.end\n}"
        ),
        "plan.mlir:10:1: a descriptor has numbers that are known only at run time\n"
        "  because: an offset, a length, a size or a stride is an operand",
    ),
    "two sequences": (
        device("aie.runtime_sequence @one() {\n}\naie.runtime_sequence @two() {\n}"),
        "plan.mlir:9:1: device @main has 2 runtime sequences; one is run\n"
        "  because: they are @one, @two\n"
        "  try: --sequence one, or another of them",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_plan_cannot_hold_is_refused(case: str) -> None:
    text, message = REFUSED[case]
    with pytest.raises(DesignError) as refusal:
        build_plan(parse_module(text, "plan.mlir"))
    assert str(refusal.value) == message


def test_one_of_several_sequences_is_chosen_by_name() -> None:
    module = parse_module(
        device("aie.runtime_sequence @one() {\n}\naie.runtime_sequence @two() {\n}"), "plan.mlir"
    )
    assert build_plan(module, "two").sequence.name == "two"
    with pytest.raises(DesignError) as refusal:
        build_plan(module, "three")
    assert str(refusal.value) == (
        "there is no runtime sequence @three\n  because: the device has @one, @two"
    )


def test_one_of_several_devices_is_chosen_by_name() -> None:
    module = parse_module(
        "module {\naie.device(npu1) @one {\n}\naie.device(npu1_1col) @two {\n}\n}", "plan.mlir"
    )
    assert build_plan(module, entry="two").device == "npu1_1col"
    with pytest.raises(DesignError) as refusal:
        build_plan(module)
    assert str(refusal.value) == (
        "plan.mlir:4:1: the module has 2 devices; a plan is made of one\n"
        "  because: they are @one, @two\n"
        "  try: --entry one, or another of them"
    )
    with pytest.raises(DesignError) as refusal:
        build_plan(module, entry="three")
    assert str(refusal.value) == ("the module has no device @three\n  because: it has @one, @two")


def test_a_module_without_a_sequence_has_an_empty_one() -> None:
    assert build_plan(parse_module(device(""), "plan.mlir")).sequence.steps == ()
