"""Control packets as the writes they cause, and shorthand for several ways."""

import numpy as np
import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import SetLock, WriteBuffer
from ironbird.session.compile import compile
from ironbird.session.lowering import lower_to_plan
from ironbird.session.run import run

CONTROL = """\
module {{
  aie.device(npu1_1col) {{
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    %words = aie.buffer(%t) {{address = 4096 : i32, sym_name = "words"}} : memref<8xi32>
    %go = aie.lock(%t, 3) {{init = 0 : i32, sym_name = "go"}}
    aie.runtime_sequence(%a: memref<8xi32>) {{
      aiex.control_packet {{{packet}}}
    }}
  }}
}}
"""
COLUMN_0_ROW_2 = 2 << 20


def control(packet: str) -> str:
    return CONTROL.format(packet=packet)


def packet(offset: int, content: str, opcode: int = 0) -> str:
    return (
        f"address = {COLUMN_0_ROW_2 + offset} : ui32, {content}, opcode = {opcode} : i32, "
        "stream_id = 1 : i32"
    )


def test_memory_and_locks_are_written() -> None:
    text = control(packet(4096 + 8, "data = array<i32: 5, -1>", opcode=2))
    [step] = lower_to_plan(parse_module(text, "in.mlir")).sequence.steps
    assert isinstance(step, WriteBuffer)
    assert (step.offset_bytes, step.content) == (8, np.array([5, -1], np.int32).tobytes())
    text = control(packet(0x1F030, "data = array<i32: 2>"))
    [step] = lower_to_plan(parse_module(text, "in.mlir")).sequence.steps
    assert isinstance(step, SetLock)
    assert step.value == 2


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            packet(4096, "length = 4 : i32", opcode=1),
            "in.mlir:8:7: a control packet of opcode 1 (read)\n"
            "  because: only writes have a part in the simulation: nobody takes the answer of a "
            "read\n"
            "  try: opcode 0 (write) or 2 (block write), with data",
        ),
        (
            packet(0x34000, "data = array<i32: 1>", opcode=7),
            "in.mlir:8:7: a control packet of opcode 7 (unknown)\n"
            "  because: only writes have a part in the simulation: nobody takes the answer of a "
            "read\n"
            "  try: opcode 0 (write) or 2 (block write), with data",
        ),
        (
            packet(0x32000, "data = array<i32: 1>"),
            "in.mlir:8:7: the sequence writes Core_Control of tile (0, 2)\n"
            "  because: cores run from configuration on here; none is stopped or reset later",
        ),
    ],
    ids=["read", "opcode", "core"],
)
def test_what_no_control_packet_can_do(written: str, message: str) -> None:
    with pytest.raises(DesignError) as caught:
        lower_to_plan(parse_module(control(written), "in.mlir"))
    assert str(caught.value) == message


WAYS = """\
module {
  aie.device(npu1_1col) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %up = aie.buffer(%m) {sym_name = "up"} : memref<8xi32>
    %full = aie.lock(%m, 0) {init = 0 : i32}
    aiex.multicast(%s, DMA : 0) {
      aiex.multi_dest<%m, DMA : 0>
    }
    aiex.broadcast_packet(%m, DMA : 0) {
      aiex.bp_id(3) {
        aiex.bp_dest<%s, DMA : 0>
      }
    }
    aie.memtile_dma(%m) {
      %0 = aie.dma_start(S2MM, 0, ^in, ^out)
    ^in:
      aie.dma_bd(%up : memref<8xi32> offset = 0 len = 8)
      %c1 = arith.constant 1 : i32
      aie.use_lock(%full, Release, %c1)
      aie.next_bd ^end
    ^out:
      %1 = aie.dma_start(MM2S, 0, ^send, ^end)
    ^send:
      %c1b = arith.constant 1 : i32
      aie.use_lock(%full, AcquireGreaterEqual, %c1b)
      aie.dma_bd_packet(0, 3)
      aie.dma_bd(%up : memref<8xi32> offset = 0 len = 8)
      aie.next_bd ^end
    ^end:
      aie.end
    }
    aie.runtime_sequence(%a: memref<8xi32>, %b: memref<8xi32>) {
      %0 = aiex.dma_configure_task(%s, MM2S, 0) {
        aie.dma_bd(%a : memref<8xi32> offset = 0 len = 8)
        aie.end
      }
      aiex.dma_start_task(%0)
      %1 = aiex.dma_configure_task(%s, S2MM, 0) {
        aie.dma_bd(%b : memref<8xi32> offset = 0 len = 8)
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%1)
      aiex.dma_await_task(%1)
    }
  }
}
"""


def test_a_multicast_and_a_packet_broadcast_carry_words() -> None:
    module = parse_module(WAYS, "in.mlir")
    names = [op.name for op in lower(module, "lower-multicasts").walk()]
    assert (names.count("aie.flow"), names.count("aie.packet_flow")) == (1, 1)
    assert not {"aiex.multicast", "aiex.broadcast_packet"} & set(names)
    x, y = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    result = run(compile(module), x, y)
    assert result.findings == ()
    np.testing.assert_array_equal(y, x)
