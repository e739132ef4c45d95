"""The runtime sequence as tasks: queues, descriptor ids, tokens, loops, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passes.sequence_modules import forward, lowered_sequence, task
from plan.sample_plans import plan_of

from ironbird.base.errors import DesignError
from ironbird.ir.aie import DmaBdOp
from ironbird.ir.aiex import (
    DmaAwaitTaskOp,
    DmaConfigureTaskOp,
    DmaFreeTaskOp,
    DmaStartTaskOp,
)
from ironbird.passes.lower_sequence.task_facts import channel_of
from ironbird.passes.pipeline import lower
from ironbird.plan import StartTask

WHOLE_OBJECT = "%a : memref<65536xi32> offset = 0 len = 64"
TOKEN = "{issue_token = true}"


def start(name: str) -> str:
    return f"aiex.dma_start_task(%{name})\n"


def kept(lines: list[str], *words: str) -> list[str]:
    return [line for line in lines if any(word in line for word in words)]


# Column and descriptor id of each task, as mlir-aie gave them for the same sequences.
@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("20_task_groups", [(0, 0), (0, 1), (0, 2), (0, 3), (0, 0), (0, 1)]),
        ("26_memcpy_nd_sequence", [(1, 0), (1, 1), (1, 2), (1, 3)]),
        ("43_unrolled_sequence", [(0, n) for n in (0, 1, 0, 1, 0, 1, 0, 0)]),
        (
            "21_gemm_two_columns",
            [
                (column, bd_id + 3 * turn)
                for turn in (0, 1)
                for column in (0, 1)
                for bd_id in range(3)
            ],
        ),
    ],
)
def test_tasks_get_the_ids_that_mlir_aie_gives(name: str, ids: list[tuple[int, int]]) -> None:
    plan = plan_of(name)
    starts = [step for step in plan.sequence.steps if isinstance(step, StartTask)]
    given = [plan.descriptors[start.first] for start in starts]
    assert [(each.tile.column, each.id) for each in given] == ids


def test_a_fifth_task_waits_for_the_first_of_its_channel() -> None:
    sequence = "".join(task(f"t{n}", "up", WHOLE_OBJECT) + start(f"t{n}") for n in range(6))
    lines = lowered_sequence(forward(sequence))
    assert kept(lines, "start", "await", "token") == [
        "} {issue_token = true}",
        "aiex.dma_start_task(%0)",
        "} {issue_token = true}",
        "aiex.dma_start_task(%1)",
        "aiex.dma_start_task(%2)",
        "aiex.dma_start_task(%3)",
        "aiex.dma_await_task(%0)",
        "aiex.dma_start_task(%4)",
        "aiex.dma_await_task(%1)",
        "aiex.dma_start_task(%5)",
    ]


def test_sixteen_tasks_have_a_descriptor_each_while_four_wait_in_the_queue() -> None:
    sequence = "".join(task(f"t{n}", "up", WHOLE_OBJECT) + start(f"t{n}") for n in range(16))
    lines = lowered_sequence(forward(sequence))
    assert len(kept(lines, "await")) == 12
    assert [line.split("bd_id = ")[1] for line in kept(lines, "bd_id")] == [
        f"{n} : i32}}" for n in range(16)
    ]


def test_an_await_that_moved_forward_is_not_there_twice() -> None:
    sequence = "".join(task(f"t{n}", "up", WHOLE_OBJECT, TOKEN) + start(f"t{n}") for n in range(5))
    sequence += "aiex.dma_await_task(%t0)\naiex.dma_await_task(%t4)\n"
    assert kept(lowered_sequence(forward(sequence)), "await") == [
        "aiex.dma_await_task(%0)",
        "aiex.dma_await_task(%4)",
    ]


@pytest.mark.parametrize("ending", ["await", "free"])
def test_what_is_awaited_or_freed_makes_room(ending: str) -> None:
    sequence = "".join(
        task(f"t{n}", "up", WHOLE_OBJECT, TOKEN)
        + start(f"t{n}")
        + f"aiex.dma_{ending}_task(%t{n})\n"
        for n in range(6)
    )
    lines = lowered_sequence(forward(sequence))
    assert len(kept(lines, "await")) == (6 if ending == "await" else 0)
    assert (
        kept(lines, "bd_id")
        == ["aie.dma_bd(%arg0 : memref<65536xi32> offset = 0 len = 64) {bd_id = 0 : i32}"] * 6
    )


def test_channels_have_queues_of_their_own() -> None:
    sequence = "".join(task(f"u{n}", "up", WHOLE_OBJECT) + start(f"u{n}") for n in range(4))
    sequence += "".join(task(f"d{n}", "down", WHOLE_OBJECT) + start(f"d{n}") for n in range(4))
    assert kept(lowered_sequence(forward(sequence)), "await") == []


def test_ids_of_tasks_known_to_be_done_are_used_when_no_other_is_left() -> None:
    """The await of the second task says that the first is done; nobody freed it."""
    sequence = "".join(task(f"a{n}", "up", WHOLE_OBJECT, TOKEN) + start(f"a{n}") for n in range(2))
    sequence += "aiex.dma_await_task(%a1)\n"
    sequence += "".join(task(f"b{n}", "up", WHOLE_OBJECT) for n in range(16))
    ids = kept(lowered_sequence(forward(sequence)), "bd_id")
    assert [line.split("bd_id = ")[1].split(" ")[0] for line in ids[2:]] == [
        *map(str, range(1, 16)),
        "0",
    ]


def test_a_repeat_beyond_the_field_is_two_tasks() -> None:
    bd = f"{WHOLE_OBJECT} sizes = [300, 1, 1, 64] strides = [0, 0, 0, 1]"
    sequence = task("t", "up", bd, "{repeat_count = 299 : i32, issue_token = true}") + start("t")
    sequence += "aiex.dma_await_task(%t)\n"
    assert lowered_sequence(forward(sequence)) == [
        "%0 = aiex.dma_configure_task(%shim_noc_tile_0_0, MM2S, 0) {",
        "aie.dma_bd(%arg0 : memref<65536xi32> offset = 0 len = 64) {bd_id = 0 : i32}",
        "aie.end",
        "} {repeat_count = 255 : i32}",
        "%1 = aiex.dma_configure_task(%shim_noc_tile_0_0, MM2S, 0) {",
        "aie.dma_bd(%arg0 : memref<65536xi32> offset = 0 len = 64) {bd_id = 1 : i32}",
        "aie.end",
        "} {issue_token = true, repeat_count = 43 : i32}",
        "aiex.dma_start_task(%0)",
        "aiex.dma_start_task(%1)",
        "aiex.dma_await_task(%1)",
        "aiex.dma_free_task(%0)",
    ]


def test_the_outermost_of_four_dimensions_is_the_iteration() -> None:
    bd = f"{WHOLE_OBJECT} sizes = [9, 4, 4, 4] strides = [200, 40, 9, 2]"
    lines = lowered_sequence(forward(task("t", "up", bd, "{repeat_count = 8 : i32}") + start("t")))
    assert lines[1] == (
        "aie.dma_bd(%arg0 : memref<65536xi32> offset = 0 len = 64 sizes = [4, 4, 4] "
        "strides = [40, 9, 2]) {bd_id = 0 : i32, "
        "iteration = #aie.bd_iteration<size = 9, stride = 200, current = 0>}"
    )


def test_memcpys_become_tasks_and_a_reused_id_ends_the_first() -> None:
    copy = "aiex.npu.dma_memcpy_nd(%{}[0, 0, 0, {}][{}, 1, 1, 64][0, 0, 0, 1])"
    sequence = "\n".join(
        [
            copy.format("a", 0, 1) + " {id = 0 : i64, metadata = @up} : memref<65536xi32>",
            copy.format("b", 0, 2) + " {id = 1 : i64, metadata = @down} : memref<65536xi32>",
            "aiex.npu.dma_wait {symbol = @down}",
            copy.format("a", 64, 1) + " {id = 0 : i64, metadata = @up} : memref<65536xi32>",
        ]
    )
    assert lowered_sequence(forward(sequence)) == [
        "%0 = aiex.dma_configure_task(%shim_noc_tile_0_0, MM2S, 0) {",
        "aie.dma_bd(%arg0 : memref<65536xi32> offset = 0 len = 64) {bd_id = 0 : i32}",
        "aie.end",
        "}",
        "aiex.dma_start_task(%0)",
        "%1 = aiex.dma_configure_task(%shim_noc_tile_0_0, S2MM, 0) {",
        "aie.dma_bd(%arg1 : memref<65536xi32> offset = 0 len = 64) {bd_id = 1 : i32}",
        "aie.end",
        "} {issue_token = true, repeat_count = 1 : i32}",
        "aiex.dma_start_task(%1)",
        "aiex.dma_await_task(%1)",
        "aiex.dma_free_task(%0)",
        "%2 = aiex.dma_configure_task(%shim_noc_tile_0_0, MM2S, 0) {",
        "aie.dma_bd(%arg0 : memref<65536xi32> offset = 64 len = 64) {bd_id = 0 : i32}",
        "aie.end",
        "}",
        "aiex.dma_start_task(%2)",
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["up", "down"]), st.sampled_from(["run", "await", "free"])),
        max_size=14,
    )
)
def test_no_queue_overflows_and_no_id_is_shared_by_tasks_under_way(tasks) -> None:
    """The lowered sequence, step by step: what is started, until it is awaited or freed."""
    sequence = "".join(
        task(f"t{n}", fifo, WHOLE_OBJECT, TOKEN)
        + start(f"t{n}")
        + ("" if ending == "run" else f"aiex.dma_{ending}_task(%t{n})\n")
        for n, (fifo, ending) in enumerate(tasks)
    )
    lowered = lower(forward(sequence), "bound-task-queues")
    under_way: list[DmaConfigureTaskOp] = []
    for op in lowered.walk():
        match op:
            case DmaStartTaskOp():
                (bd,) = [each for each in op.task.owner.walk() if isinstance(each, DmaBdOp)]
                busy = [channel_of(each.result) for each in under_way]
                assert busy.count(channel_of(op.task)) < 4
                assert bd.bd_id not in [each.body.block.first_op.bd_id for each in under_way]
                under_way.append(op.task.owner)
            case DmaAwaitTaskOp():
                same = [e for e in under_way if channel_of(e.result) == channel_of(op.task)]
                done = same[: same.index(op.task.owner) + 1]
                under_way = [each for each in under_way if each not in done]
            case DmaFreeTaskOp():
                under_way = [each for each in under_way if each is not op.task.owner]


LOOP = """
%c0 = arith.constant 0 : index
%c4 = arith.constant 4 : index
%c1 = arith.constant 1 : index
%c64 = arith.constant 64 : index
scf.for %i = %c0 to %c4 step %c1 {
  %m = arith.muli %i, %c64 : index
  %o = arith.index_cast %m : index to i32
  %after_first = arith.cmpi sge, %i, %c1 : index
  scf.if %after_first {
    %t = aiex.dma_configure_task_for @up {
      aie.dma_bd(%a : memref<65536xi32> offset = %o len = 64)
      aie.end
    }
    aiex.dma_start_task(%t)
  }
}
"""


def test_loops_and_conditions_are_written_out() -> None:
    lines = lowered_sequence(forward(LOOP))
    assert kept(lines, "arith", "scf") == []
    assert kept(lines, "dma_bd") == [
        f"aie.dma_bd(%arg0 : memref<65536xi32> offset = {64 * n} len = 64) "
        f"{{bd_id = {n - 1} : i32}}"
        for n in (1, 2, 3)
    ]


def test_repeats_and_ids_given_as_values_become_numbers() -> None:
    sequence = (
        "%three = arith.constant 3 : i32\n%five = arith.constant 5 : i32\n"
        "%t = aiex.dma_configure_task(%shim, MM2S, 0) repeat %three : i32 bd_id %five : i32 {\n"
        f"aie.dma_bd({WHOLE_OBJECT})\naie.end\n}}\naiex.dma_start_task(%t)\n"
    )
    assert lowered_sequence(forward(sequence)) == [
        "%0 = aiex.dma_configure_task(%shim_noc_tile_0_0, MM2S, 0) {",
        "aie.dma_bd(%arg0 : memref<65536xi32> offset = 0 len = 64) {bd_id = 5 : i32}",
        "aie.end",
        "} {repeat_count = 3 : i32}",
        "aiex.dma_start_task(%0)",
    ]


def with_id(number: int) -> str:
    return f"{WHOLE_OBJECT}) {{bd_id = {number} : i32}} //"


REFUSED = {
    "a seventeenth configured task": (
        "".join(task(f"t{n}", "up", WHOLE_OBJECT) for n in range(17)),
        "forward.mlir:73:8: no descriptor is left on tile (0, 0) for the transfer on 'up' "
        "(forward.mlir:73:8)\n"
        "  because: channel MM2S 0 of tile (0, 0) has 16, held by tasks that were neither awaited "
        "nor freed: 16 by 'up' (forward.mlir:9:7 to forward.mlir:69:8)\n"
        "  try: an await or a free of one of them before this line",
    ),
    **{
        f"{verb} after a free": (
            task("t", "up", WHOLE_OBJECT, TOKEN)
            + start("t")
            + "aiex.dma_free_task(%t)\n"
            + f"aiex.dma_{verb}_task(%t)",
            f"forward.mlir:15:1: the sequence {verb}s the transfer on 'up' (forward.mlir:9:6) "
            "after it was freed\n"
            "  because: its descriptors are free for others since forward.mlir:14:1\n"
            "  try: one free of each task, behind its last use",
        )
        for verb in ("start", "await", "free")
    },
    "an id taken over before any wait": (
        2 * "aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 64][0, 0, 0, 1]) "
        "{id = 0 : i64, metadata = @up} : memref<65536xi32>\n",
        "forward.mlir:10:1: the transfer on 'up' (forward.mlir:10:1) takes descriptor 0 over from "
        "the transfer on 'up' (forward.mlir:9:1)\n"
        "  because: nothing is waited for between the two: the first may not be done\n"
        "  try: another id, or a dma_wait in between",
    ),
    "an await without a token": (
        task("t", "up", WHOLE_OBJECT) + start("t") + "aiex.dma_await_task(%t)",
        "forward.mlir:14:1: the sequence awaits the transfer on 'up' (forward.mlir:9:6), which "
        "issues no token\n"
        "  because: only a task with issue_token tells that it is done\n"
        "  try: wait=True where the transfer is written, or issue_token on the task",
    ),
    "an await without a start": (
        task("t", "up", WHOLE_OBJECT, TOKEN) + "aiex.dma_await_task(%t)",
        "forward.mlir:13:1: the sequence awaits the transfer on 'up' (forward.mlir:9:6), which was "
        "not started before\n"
        "  try: the start in front of the await",
    ),
    "one task started too often": (
        task("t", "up", WHOLE_OBJECT) + 5 * start("t"),
        "forward.mlir:17:1: channel MM2S 0 of tile (0, 0) is given more tasks than its queue "
        "holds\n"
        "  because: the queue holds 4; the transfer on 'up' (forward.mlir:9:6) alone is started 5 "
        "times, so that no single start of it can be waited for\n"
        "  try: an await between the starts",
    ),
    "a transfer that ends inside an object": (
        task("t", "up", "%a : memref<65536xi32> offset = 0 len = 65") + start("t"),
        "forward.mlir:13:1: the transfers on 'up' end inside an object\n"
        "  because: they move 260 bytes; an object has 256, so that 4 bytes are left over\n"
        "  try: transfers of 256 or 512 bytes",
    ),
    "transfers that are less than an object": (
        "".join(
            task(name, "down", "%a : memref<65536xi32> offset = 0 len = 16") + start(name)
            for name in ("s", "t")
        ),
        "forward.mlir:13:1: the transfers on 'down' end inside an object\n"
        "  because: they move 128 bytes; an object has 256, so that 128 bytes are left over\n"
        "  try: transfers of 256 bytes",
    ),
    "a length that is not the layout's": (
        task(
            "t",
            "up",
            "%a : memref<65536xi32> offset = 0 len = 60 sizes = [1, 1, 1, 64] "
            "strides = [0, 0, 0, 1]",
        ),
        "forward.mlir:10:1: the transfer on 'up' is not one that the DMA of tile (0, 0) can make\n"
        "  because: its length is 60 elements, its layout [1, 1, 1, 64] visits 64 in one run\n"
        "  try: a length of 64",
    ),
    "five dimensions": (
        task("t", "up", f"{WHOLE_OBJECT} sizes = [2, 2, 1, 1, 64] strides = [64, 128, 0, 0, 1]"),
        "forward.mlir:10:1: the transfer on 'up' is not one that the DMA of tile (0, 0) can make\n"
        "  because: 5 dimensions; a task has 4 at most\n"
        "  try: a tap of at most 3 dimensions and a repeat, with whole 32-bit words innermost",
    ),
    "a layout that takes too many tasks": (
        task(
            "t",
            "up",
            "%a : memref<65536xi32> offset = 0 len = 1600 sizes = [1, 100, 4, 4] "
            "strides = [0, 4, 0, 1]",
        ),
        "forward.mlir:10:1: the transfer on 'up' is not one that the DMA of tile (0, 0) can make\n"
        "  because: stride of 0 words is outside 1..1048576; split up, it takes more than 64 "
        "tasks\n"
        "  try: a tap of at most 3 dimensions and a repeat, with whole 32-bit words innermost",
    ),
    "an id held by a task under way": (
        (task("t", "up", with_id(3)) + task("u", "up", with_id(3))).replace("//)", ""),
        "forward.mlir:14:1: the transfer on 'up' (forward.mlir:13:6) asks for descriptor 3 of tile "
        "(0, 0)\n"
        "  because: the transfer on 'up' (forward.mlir:9:6) holds it and was neither awaited nor "
        "freed\n"
        "  try: an await or a free of that one first, or no bd_id: a free one is found",
    ),
    "an id that the tile lacks": (
        task("t", "up", with_id(16)).replace("//)", ""),
        "forward.mlir:10:1: the transfer on 'up' (forward.mlir:9:6) asks for descriptor 16\n"
        "  because: channel MM2S 0 of tile (0, 0) may use 0..15",
    ),
    "a wait for nothing": (
        "aiex.npu.dma_wait {symbol = @up}",
        "forward.mlir:9:1: dma_wait for 'up' has no transfer to wait for\n"
        "  because: every transfer on it that issues a token was waited for already\n"
        "  try: issue_token on the transfer, or one wait less",
    ),
    "an offset in a missing dimension": (
        "aiex.npu.dma_memcpy_nd(%a[0, 0, 1, 0][1, 1, 1, 64][0, 0, 0, 1]) "
        "{id = 0 : i64, metadata = @up} : memref<65536xi32>",
        "forward.mlir:9:1: offset 1 in a dimension that the buffer does not have\n"
        "  because: the offsets are [0, 0, 1, 0], the buffer has 1 dimensions\n"
        "  try: the offset in elements as the last of the four",
    ),
    "an unknown fifo": (
        task("t", "nobody", WHOLE_OBJECT),
        "forward.mlir:9:6: the runtime sequence moves 'nobody', which has no end on a shim tile\n"
        "  because: fifos with an end there: 'up', 'down'\n"
        "  try: a fifo whose other end no worker and no memory tile holds",
    ),
    "a loop that never ends": (
        LOOP.replace("constant 4 :", "constant 9223372036854775807 :"),
        "forward.mlir:15:8: the runtime sequence is too long when its loops are written out\n"
        "  because: more than 20000 operations; the host's controller has no loops\n"
        "  try: fewer, larger transfers: a tap repeats inside one task",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_sequences_that_cannot_run_are_refused(case: str) -> None:
    sequence, message = REFUSED[case]
    with pytest.raises(DesignError) as refusal:
        lowered_sequence(forward(sequence))
    assert str(refusal.value) == message
