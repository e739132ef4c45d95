"""PORT_RUNNING of ports that lead from one switch to the next."""

import numpy as np
import pytest
from traces.traced_programs import times

from ironbird.ir import parse_module
from ironbird.session.compile import compile
from ironbird.session.run import run
from ironbird.session.trace_reading.timeline import parse_trace

# Words go up through the switch of the memory tile, and down again; by which ports is routed.
MODULE = """\
module {
  aie.device(npu1_1col) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %free = aie.lock(%t, 0) {init = 1 : i32}
    %full = aie.lock(%t, 1) {init = 0 : i32}
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    aie.flow(%s, DMA : 0, %t, DMA : 0)
    aie.flow(%t, DMA : 0, %s, DMA : 0)
    aie.mem(%t) {
      %0 = aie.dma_start(S2MM, 0, ^in, ^out)
    ^in:
      %c1 = arith.constant 1 : i32
      aie.use_lock(%free, AcquireGreaterEqual, %c1)
      aie.dma_bd(%b : memref<64xi32> offset = 0 len = 64)
      aie.use_lock(%full, Release, %c1)
      aie.next_bd ^in
    ^out:
      %1 = aie.dma_start(MM2S, 0, ^send, ^end)
    ^send:
      %c1b = arith.constant 1 : i32
      aie.use_lock(%full, AcquireGreaterEqual, %c1b)
      aie.dma_bd(%b : memref<64xi32> offset = 0 len = 64)
      aie.use_lock(%free, Release, %c1b)
      aie.next_bd ^send
    ^end:
      aie.end
    }
    aie.trace @up(%m) {
      PORTS
      aie.trace.start broadcast = 15
      aie.trace.stop broadcast = 14
    }
    aie.runtime_sequence(%a: memref<128xi32>, %r: memref<128xi32>) {
      aie.trace.host_config {buffer_size = 1024 : i32}
      aie.trace.start_config @up
      %0 = aiex.dma_configure_task(%s, MM2S, 0) {
        aie.dma_bd(%a : memref<128xi32> offset = 0 len = 128)
        aie.end
      }
      aiex.dma_start_task(%0)
      %1 = aiex.dma_configure_task(%s, S2MM, 0) {
        aie.dma_bd(%r : memref<128xi32> offset = 0 len = 128)
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%1)
      aiex.dma_await_task(%1)
    }
  }
}
"""


def watched(ports: list[tuple[str, int, str]]) -> str:
    lines = [
        f"aie.trace.port<{slot}> port = {bundle} channel = {channel} direction = {direction} "
        f'aie.trace.event <"PORT_RUNNING_{slot}">'
        for slot, (bundle, channel, direction) in enumerate(ports)
    ]
    return MODULE.replace("PORTS", "\n      ".join(lines))


def busy(ports: list[tuple[str, int, str]]) -> list[list[tuple[int, int]]]:
    """When each port was running, in a run whose output is right."""
    text = watched(ports)
    a, r = np.arange(128, dtype=np.int32), np.zeros(128, np.int32)
    result = run(compile(parse_module(text, "in.mlir")), a, r)
    assert (result.findings, result.notes) == ((), ())
    np.testing.assert_array_equal(r, a)
    events = parse_trace(result.trace_buffer, text)
    return [times(events, f"PORT_RUNNING_{slot}") for slot in range(len(ports))]


@pytest.mark.parametrize("side", ["North", "South"])
def test_the_words_of_each_direction_cross_one_port(side: str) -> None:
    outputs = [(side, channel, "S2MM") for channel in range(4)]
    inputs = [(side, channel, "MM2S") for channel in range(4)]
    found = busy([*outputs, *inputs])
    for direction in (found[:4], found[4:]):
        [crossed] = [each for each in direction if each]
        # Two objects of 64 words, a cycle each.
        assert [stop - start for start, stop in crossed] == [64, 64]
