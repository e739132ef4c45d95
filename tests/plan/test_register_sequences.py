"""Sequences of register writes: the plan's steps, and what a run of them computes."""

from dataclasses import replace

import numpy as np
import pytest

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Direction, Tile, TileKind
from ironbird.ir import parse_module
from ironbird.ir.aiex import NpuWritebdOp
from ironbird.passes.pipeline import lower
from ironbird.plan import (
    AwaitToken,
    ChannelName,
    HostBuffer,
    Iteration,
    PacketHeader,
    PhysicalPlan,
    SetLock,
    StartTask,
    WriteBuffer,
    build_plan,
)
from ironbird.plan.descriptor_words import fields_of_words, words_of_fields
from ironbird.simulator import SimulationOptions, interpret
from tests.lowering_samples import APRIL, AUGUST, folders, read_sample

# What has no plan at any level: see test_build_plan.
REFUSED = {
    "27_trace",
    "32_configure_run",
    "40_scratchpad_parameter",
    "42_dynamic_sequence",
}
NPU_SAMPLES = [
    (version, folder)
    for version in (APRIL, AUGUST)
    for folder in folders(version)
    if folder not in REFUSED
]


def register_plan(body: str, extra: str = "") -> PhysicalPlan:
    """The plan of a sequence `body`, from line 17 on; `extra` stands before it in the device."""
    return build_plan(
        lower(
            parse_module(
                f"""module {{
aie.device(npu1) {{
%shim = aie.tile(0, 0)
%mem = aie.tile(0, 1)
%tile = aie.tile(0, 2)
%x = aie.buffer(%tile) {{address = 1024 : i32, sym_name = "x"}} : memref<16xi32>
%y = aie.buffer(%mem) {{address = 4096 : i32, sym_name = "y"}} : memref<64xi32>
%free = aie.lock(%tile, 0) {{init = 0 : i32, sym_name = "free"}}
%full = aie.lock(%tile, 1) {{init = 0 : i32, sym_name = "full"}}
%spare = aie.lock(%mem, 5) {{init = 0 : i32, sym_name = "spare"}}
aie.flow(%shim, DMA : 0, %tile, DMA : 0)
aie.flow(%tile, DMA : 0, %shim, DMA : 0)
aie.flow(%shim, DMA : 1, %mem, DMA : 0)
memref.global "private" constant @shim_words : memref<8xi32> =
  dense<[64, 0, 0, 0, -2147483648, 33554432, 0, 33554432]>
{extra}aie.runtime_sequence(%a: memref<64xi32>, %b: memref<64xi32>) {{
{body}
}}
}}
}}
""",
                "registers.mlir",
            )
        )
    )


def writebd(**fields: int) -> str:
    """The operation with all of its fields, 0 but for those given."""
    names = list(NpuWritebdOp.get_irdl_definition().properties)
    assert set(fields) <= set(names)
    values = {**dict.fromkeys(names, 0), "valid_bd": 1, **fields}
    return f"aiex.npu.writebd {{{', '.join(f'{n} = {v} : i32' for n, v in values.items())}}}"


def push(column: int, row: int, channel: str, descriptor: str, repeat: str, token: str) -> str:
    """The operation, its descriptor and its repeat count as values."""
    return (
        f"aiex.npu.push_queue({column}, {row}, {channel}) bd_id {descriptor} repeat {repeat} "
        f"{{issue_token = {token}}} : i32, i32"
    )


@pytest.mark.parametrize(("version", "folder"), NPU_SAMPLES)
def test_every_descriptor_of_the_samples_is_what_its_words_say(version: str, folder: str) -> None:
    """Words that mlir-aie wrote, understood and written again, mean the same."""
    checked = 0
    for op in read_sample(version, folder, "npu.mlir").walk():
        if op.name != "memref.global":
            continue
        words = [int(number) % 2**32 for number in op.properties["initial_value"].get_values()]
        kind = TileKind.MEMORY if words[7] >> 31 else TileKind.SHIM
        fields = fields_of_words(kind, words)
        again = fields_of_words(kind, words_of_fields(kind, fields))
        assert again.pattern.simplified() == fields.pattern.simplified()
        assert replace(again, pattern=fields.pattern) == fields
        checked += 1
    # 34 has no sequence.
    assert checked or folder == "34_buffer_addresses"


def test_a_descriptor_of_the_shim_as_the_sample_writes_it() -> None:
    """20_task_groups, blockwrite_data_1: 16 rows of 16 words, 4 times."""
    fields = fields_of_words(
        TileKind.SHIM,
        [256, 4096, 0, 16777216, 2164260927, 33554432, 3145743, 33554432],
    )
    assert fields.pattern == AccessPattern(0, (16, 16), (64, 1))
    assert fields.iteration == Iteration(4, 16)
    assert (fields.length, fields.packet, fields.next) == (256, None, None)


def test_a_packet_and_the_next_descriptor() -> None:
    fields = fields_of_words(TileKind.SHIM, [16, 0, 1074266112, 0, 2**31, 2**25, 0, 234881024])
    assert (fields.packet, fields.next) == (PacketHeader(0, 1), 1)


def test_padding_counts_into_the_length() -> None:
    """6 rows of 12 words in a frame of zeros: 8 rows of 16."""
    words = words_of_fields(
        TileKind.MEMORY,
        fields_of_words(
            TileKind.MEMORY,
            [128, 2 << 26 | 64, 12 << 17, 1 << 27 | 6 << 17 | 11, 0, 1 << 23 | 2 << 17, 0, 1 << 31],
        ),
    )
    fields = fields_of_words(TileKind.MEMORY, words)
    assert fields.pattern == AccessPattern(0, (6, 12), (12, 1))
    assert fields.padding == ((1, 1), (2, 2))
    assert fields.length == 128


def test_words_locks_and_memory_are_written_where_their_addresses_are() -> None:
    plan = register_plan(
        """
%seven = arith.constant 7 : i32
%x2 = arith.constant 1032 : i32
aiex.npu.write32(%x2, %seven) {column = 0 : i32, row = 2 : i32} : i32, i32
%three = arith.constant 3 : i32
aiex.npu.write32(%three, %seven) {buffer = @x} : i32, i32
%mask = arith.constant 65280 : i32
%big = arith.constant -2 : i32
%y0 = arith.constant 1052672 : i32
aiex.npu.maskwrite32(%y0, %big, %mask) : i32, i32, i32
%lock = arith.constant 786512 : i32
aiex.npu.write32(%lock, %three) {column = 0 : i32, row = 1 : i32} : i32, i32
%undeclared = arith.constant 127216 : i32
aiex.npu.write32(%undeclared, %three) {column = 0 : i32, row = 2 : i32} : i32, i32
%words = memref.get_global @shim_words : memref<8xi32>
aiex.npu.blockwrite(%words) {address = 2098208 : ui32} : memref<8xi32>
aiex.npu.rtp_write(@x, 1, %seven) : i32
aiex.set_lock(%full, 2)
"""
    )
    first, second, third, fourth, fifth, sixth, seventh, eighth = plan.sequence.steps
    seven = (7).to_bytes(4, "little")
    assert first == WriteBuffer(buffer=0, offset_bytes=8, content=seven)
    assert second == WriteBuffer(buffer=0, offset_bytes=12, content=seven)
    assert third == WriteBuffer(buffer=1, offset_bytes=1, content=b"\xff")
    assert fourth == SetLock(lock=2, value=3)
    assert fifth == SetLock(lock=3, value=3)
    assert (plan.locks[3].tile, plan.locks[3].id, plan.locks[3].initial) == (Tile(0, 2), 15, 0)
    assert isinstance(sixth, WriteBuffer)
    assert (sixth.buffer, sixth.offset_bytes, len(sixth.content)) == (0, 32, 32)
    assert seventh == WriteBuffer(buffer=0, offset_bytes=4, content=seven)
    assert eighth == SetLock(lock=1, value=2)


SYNC = "aiex.npu.sync(%zero, %zero, %zero, %zero, %one, %one) : i32, i32, i32, i32, i32, i32"
ROUND_TRIP = """
%words = memref.get_global @shim_words : memref<8xi32>
aiex.npu.blockwrite(%words) {address = 118784 : ui32} : memref<8xi32>
%zero = arith.constant 0 : i32
aiex.npu.address_patch(%zero : i32) {addr = 118788 : ui32, arg_idx = 0 : i32}
aiex.npu.blockwrite(%words) {address = 118816 : ui32} : memref<8xi32>
aiex.npu.address_patch(%zero : i32) {addr = 118820 : ui32, arg_idx = 1 : i32}
""" + "\n".join(
    [
        writebd(bd_id=0, row=2, buffer_length=16, buffer_offset=1024, lock_acq_enable=1,
                lock_acq_val=-1, lock_acq_id=0, lock_rel_val=1, lock_rel_id=1),
        writebd(bd_id=1, row=2, buffer_length=16, buffer_offset=1024, d0_size=4, d0_stride=3,
                lock_acq_enable=1, lock_acq_val=-1, lock_acq_id=1, lock_rel_val=1, lock_rel_id=0),
        "%one = arith.constant 1 : i32",
        "%three = arith.constant 3 : i32",
        "%free_value = arith.constant 126976 : i32",
        "aiex.npu.write32(%free_value, %one) {column = 0 : i32, row = 2 : i32} : i32, i32",
        push(0, 2, "S2MM : 0", "%zero", "%three", "false"),
        push(0, 2, "MM2S : 0", "%one", "%three", "false"),
        push(0, 0, "S2MM : 0", "%one", "%zero", "true"),
        push(0, 0, "MM2S : 0", "%zero", "%zero", "false"),
        SYNC,
    ]
)  # fmt: skip


def test_a_transfer_through_a_core_tile_by_registers_alone() -> None:
    """Blocks of 16 words are sent back with a stride of 4: the 4x4 block transposed."""
    plan = register_plan(ROUND_TRIP)
    starts = [step for step in plan.sequence.steps if isinstance(step, StartTask)]
    assert [step.task for step in starts] == [0, 1, 2, 3]
    assert [step.repeat_count for step in starts] == [4, 4, 1, 1]
    assert [step.token for step in starts] == [False, False, True, False]
    into, out_of = (plan.descriptors[step.first] for step in starts[:2])
    assert (into.pattern, into.length) == (AccessPattern(0, (16,), (1,)), 16)
    assert (out_of.pattern, out_of.length) == (AccessPattern(0, (4, 4), (1, 4)), 16)
    assert plan.descriptors[starts[3].first].memory == HostBuffer(0)
    assert [argument.read for argument in plan.sequence.arguments] == [True, False]
    assert [argument.written for argument in plan.sequence.arguments] == [False, True]
    assert plan.sequence.steps[-1] == AwaitToken(channel=ChannelName(Tile(0, 0), Direction.S2MM, 0))
    sent = np.arange(64, dtype=np.int32)
    received = np.zeros(64, dtype=np.int32)
    result = interpret(plan, None, [sent, received], SimulationOptions())
    assert (result.finished, list(result.findings)) == (True, [])
    np.testing.assert_array_equal(received, sent.reshape(4, 4, 4).transpose(0, 2, 1).reshape(-1))


def test_a_descriptor_pushed_twice_is_one_and_written_again_is_another() -> None:
    again = push(0, 0, "S2MM : 0", "%one", "%zero", "true")
    plan = register_plan(
        f"{ROUND_TRIP}\n{again}\n{SYNC}\n"
        "%four = arith.constant 4 : i32\n"
        "aiex.npu.address_patch(%four : i32) {addr = 118820 : ui32, arg_idx = 1 : i32}\n"
        "%length = arith.constant 118816 : i32\n"
        "aiex.npu.write32(%length, %four) : i32, i32\n"
        f"{again}"
    )
    starts = [
        step
        for step in plan.sequence.steps
        if isinstance(step, StartTask)
        and step.channel.direction is Direction.S2MM
        and step.channel.tile.row == 0
    ]
    assert starts[0].first == starts[1].first != starts[2].first
    written = plan.descriptors[starts[2].first]
    assert (written.pattern, written.length) == (AccessPattern(1, (4,), (1,)), 4)


def test_a_sync_over_a_rectangle_awaits_a_token_of_each_tile() -> None:
    plan = register_plan(
        "%zero = arith.constant 0 : i32\n%two = arith.constant 2 : i32\n"
        "aiex.npu.sync(%zero, %zero, %zero, %zero, %two, %two) : i32, i32, i32, i32, i32, i32"
    )
    assert [str(step.channel) for step in plan.sequence.steps if isinstance(step, AwaitToken)] == [
        "S2MM 0 of tile (0, 0)",
        "S2MM 0 of tile (0, 1)",
        "S2MM 0 of tile (1, 0)",
        "S2MM 0 of tile (1, 1)",
    ]


def test_a_configured_descriptor_is_started_and_partly_rewritten() -> None:
    """A memory tile's program that is not started for ever: its words may be written."""
    text = """module {
aie.device(npu1) {
%mem = aie.tile(0, 1)
%next = aie.tile(1, 1)
%y = aie.buffer(%mem) {address = 4096 : i32, sym_name = "y"} : memref<64xi32>
%z = aie.buffer(%next) {address = 0 : i32, sym_name = "z"} : memref<64xi32>
%dma = aie.memtile_dma(%mem) {
  %0 = aie.dma_start(MM2S, 0, ^one, ^end)
^one:
  aie.dma_bd(%y : memref<64xi32> offset = 8 len = 16) {bd_id = 3 : i32}
  aie.next_bd ^end
^end:
  aie.end
}
aie.runtime_sequence() {
  %three = arith.constant 3 : i32
  %zero = arith.constant 0 : i32
  aiex.npu.push_queue(0, 1, MM2S : 0) bd_id %three repeat %zero {issue_token = true} : i32, i32
  %one = arith.constant 1 : i32
  aiex.npu.sync(%zero, %one, %one, %zero, %one, %one) : i32, i32, i32, i32, i32, i32
  %address = arith.constant 655460 : i32
  %east = arith.constant 262150 : i32
  %mask = arith.constant 524287 : i32
  aiex.npu.maskwrite32(%address, %east, %mask) {column = 0 : i32, row = 1 : i32} : i32, i32, i32
  aiex.npu.push_queue(0, 1, MM2S : 0) bd_id %three repeat %zero {issue_token = false} : i32, i32
}
}
}
"""
    plan = build_plan(parse_module(text, "memtile.mlir"))
    first, second = (step for step in plan.sequence.steps if isinstance(step, StartTask))
    assert first.first == plan.channels[0].first
    moved = plan.descriptors[second.first]
    assert (moved.memory, moved.pattern) == (1, AccessPattern(6, (16,), (1,)))


def test_a_wait_by_name_hears_what_a_register_write_started() -> None:
    plan = register_plan(
        ROUND_TRIP.replace("aiex.npu.sync", "// aiex.npu.sync")
        + "\naiex.npu.dma_wait {symbol = @back}",
        extra="aie.shim_dma_allocation @back(%shim, S2MM, 0)\n",
    )
    channel = ChannelName(Tile(0, 0), Direction.S2MM, 0)
    assert plan.sequence.steps[-1] == AwaitToken(channel=channel)


def test_addresses_and_words_may_be_computed_from_constants() -> None:
    """A loop with known bounds writes one word after the other."""
    plan = register_plan(
        """
%zero = arith.constant 0 : i32
%one = arith.constant 1 : i32
%three = arith.constant 3 : i32
%base = arith.constant 1024 : i32
%two = arith.constant 2 : i32
%high = arith.constant 1048576 : i32
scf.for %i = %zero to %three step %one : i32 {
  %step = arith.shli %i, %two : i32
  %offset = arith.ori %base, %step : i32
  %word = arith.ori %high, %i : i32
  aiex.npu.write32(%offset, %word) {column = 0 : i32, row = 2 : i32} : i32, i32
}
"""
    )
    assert plan.sequence.steps == tuple(
        WriteBuffer(buffer=0, offset_bytes=4 * i, content=(2**20 + i).to_bytes(4, "little"))
        for i in range(3)
    )
