# ruff: noqa: E501 - messages keep their lines
"""A sequence that stands still because a queue is full says so, and what to start first."""

import numpy as np

from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import AwaitToken, build_plan
from ironbird.simulator import SimulationOptions, interpret

FILL = """\
%fill{number} = aiex.dma_configure_task_for @up {{
  aie.dma_bd(%a : memref<64xi32> offset = 0 len = 64)
  aie.end
}}
aiex.dma_start_task(%fill{number})
"""
DRAIN = """\
%drain = aiex.dma_configure_task_for @down {
  aie.dma_bd(%b : memref<576xi32> offset = 0 len = 576)
  aie.end
} {issue_token = true}
aiex.dma_start_task(%drain)
"""
NINE_FILLS = "".join(FILL.format(number=number) for number in range(9))


def run(sequence: str) -> tuple[list[str], np.ndarray]:
    """The findings of a run, and what came out."""
    module = parse_module(
        f"""module {{
aie.device(npu1) {{
%s = aie.tile(0, 0)
%m = aie.tile(0, 1)
aie.objectfifo @up(%s, {{%m}}, 2 : i32) : !aie.objectfifo<memref<64xi32>>
aie.objectfifo @down(%m, {{%s}}, 2 : i32) : !aie.objectfifo<memref<64xi32>>
aie.objectfifo.link [@up] -> [@down]([] [])
aie.runtime_sequence(%a: memref<64xi32>, %b: memref<576xi32>) {{
{sequence}aiex.dma_await_task(%drain)
}}
}}
}}""",
        "queue.mlir",
    )
    plan = build_plan(lower(module))
    made = [each for each in plan.sequence.steps if isinstance(each, AwaitToken)]
    assert [each.makes_room for each in made] == [True] * 5 + [False]
    out = np.full(576, -1, np.int32)
    result = interpret(plan, None, [np.arange(64, dtype=np.int32), out], SimulationOptions())
    return [str(finding) for finding in result.findings], out


def test_a_drain_started_first_lets_the_fills_through() -> None:
    findings, out = run(DRAIN + NINE_FILLS)
    assert findings == []
    np.testing.assert_array_equal(out, np.tile(np.arange(64), 9))


def test_a_drain_behind_more_fills_than_the_queue_holds_is_told_to_go_first() -> None:
    findings, _ = run(NINE_FILLS + DRAIN)
    assert findings == [
        """\
queue.mlir:6:1: undrained-fifo: ObjectFifo 'down' is not drained: MM2S 0 of tile (0, 1) waits for ever
  because: the runtime sequence waits at queue.mlir:43:1 for MM2S 0 of tile (0, 0) to end its task, \
as its queue is full;
    MM2S 0 of tile (0, 0) waits to send 256 of 256 bytes of ObjectFifo 'up';
    S2MM 0 of tile (0, 1) waits for 1 free object of ObjectFifo 'up' (there are 0);
    MM2S 0 of tile (0, 1) waits to send 256 of 256 bytes of ObjectFifo 'down';
    S2MM 0 of tile (0, 0) has nothing left to receive
  try: start the transfer on S2MM 0 of tile (0, 0) (queue.mlir:58:1) before the one at \
queue.mlir:43:1: a channel holds 4 transfers, and the next has to wait for the first of them"""
    ]
