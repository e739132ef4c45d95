"""Transfers, groups and parameters of the host's sequence."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iron_programs import array, marked, refused, text_of

from ironbird.base.access_pattern import AccessPattern
from ironbird.ir.locations import source_line_of
from ironbird.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1, Tile
from ironbird.iron.markers import DispatchTime, DispatchTimeArgument
from ironbird.iron.taplib import TensorAccessPattern
from ironbird.iron.transfer import shim_dimensions


def sequence_lines(function, shape=(64, 64), extra=(), workers=(), **options):
    """The lines of the sequence that `function(a, b, fill, drain)` makes."""
    tensor, one = array(*shape), array(16)
    x, y = ObjectFifo(one, name="x"), ObjectFifo(one, name="y")

    def core(source, sink, *_):
        a, b = source.acquire(1), sink.acquire(1)
        b[0] = a[0]
        source.release(1)
        sink.release(1)

    worker = Worker(core, [x.cons(), y.prod(), *workers], tile=Tile(0, 2))
    runtime = Runtime(function, [tensor, tensor, x.prod(), y.cons(), *extra], **options)
    text = text_of(Program(NPU1(), runtime, [worker]))
    inside = text.split("aie.runtime_sequence(")[1].splitlines()[1:]
    return [line.strip() for line in inside if line.strip() not in ("}", "", "aie.end")]


@pytest.mark.parametrize(
    ("tap", "bd", "repeat"),
    [
        (
            TensorAccessPattern((64, 64), 1024, [4, 16, 16], [16, 64, 1]),
            "offset = 1024 len = 1024 sizes = [1, 4, 16, 16] strides = [0, 16, 64, 1]",
            None,
        ),
        (
            TensorAccessPattern((64, 64), 1024, [4, 1, 16, 16], [16, 0, 64, 1]),
            "offset = 1024 len = 256 sizes = [4, 1, 16, 16] strides = [16, 0, 64, 1]",
            3,
        ),
        (
            TensorAccessPattern((64, 64), 2048, [4, 64], [64, 1]).repeat(4),
            "offset = 2048 len = 256 sizes = [4, 1, 4, 64] strides = [0, 0, 64, 1]",
            3,
        ),
        (
            TensorAccessPattern((64, 64), 0, [1, 3, 4, 64], [0, 0, 64, 1]),
            "offset = 0 len = 256 sizes = [3, 1, 4, 64] strides = [0, 0, 64, 1]",
            2,
        ),
        (
            TensorAccessPattern((64, 64), 0, [2, 2, 2, 8, 8], [2048, 1024, 512, 64, 8]).permute(
                0, 1, 2, 3, 4
            )[0],
            "offset = 0 len = 128 sizes = [2, 2, 8, 8] strides = [1024, 512, 64, 8]",
            1,
        ),
        (
            TensorAccessPattern((64, 64), 5, [1], [1]),
            "offset = 5 len = 1 sizes = [1, 1, 1, 1] strides = [0, 0, 0, 1]",
            None,
        ),
    ],
    ids=["three", "four", "repeat", "inner_repeat", "five_indexed", "one_element"],
)
def test_the_shim_form_of_a_walk(tap, bd, repeat):
    def sequence(a, b, fill, drain):
        fill.fill(a, tap)
        drain.drain(b, wait=True)

    lines = sequence_lines(sequence)
    assert lines[1] == f"aie.dma_bd(%arg0 : memref<64x64xi32> {bd})"
    repeats = f"}} {{repeat_count = {repeat} : i32}}"
    assert lines[2] == (repeats if repeat is not None else "aiex.dma_start_task(%0)")


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    strides=st.lists(st.integers(0, 20), min_size=4, max_size=4),
)
def test_the_shim_form_visits_the_same_elements(sizes, strides):
    tap = TensorAccessPattern((300,), 0, sizes, strides[: len(sizes)])
    padded_sizes, padded_strides = shim_dimensions(tap, "a transfer")
    assert len(padded_sizes) == len(padded_strides) == 4
    visited = AccessPattern(0, padded_sizes, padded_strides).indices()
    assert np.array_equal(visited, tap.pattern.indices())


def test_a_group_awaits_then_frees():
    def sequence(a, b, fill, drain):
        first = TaskGroup()
        fill.fill(a, group=first)
        drain.drain(b, wait=True, group=first)
        second = TaskGroup()
        fill.fill(a, group=second)
        drain.drain(b, wait=True, group=second)
        first.finish()
        second.finish()

    steps = [line for line in sequence_lines(sequence) if "_task(" in line]
    assert steps == [
        "aiex.dma_start_task(%0)",
        "aiex.dma_start_task(%1)",
        "aiex.dma_start_task(%2)",
        "aiex.dma_start_task(%3)",
        "aiex.dma_await_task(%1)",
        "aiex.dma_free_task(%0)",
        "aiex.dma_free_task(%1)",
        "aiex.dma_await_task(%3)",
        "aiex.dma_free_task(%2)",
        "aiex.dma_free_task(%3)",
    ]


def test_pipelined_groups_keep_at_most_depth_open():
    def sequence(a, b, fill, drain):
        for row, group in TaskGroup.pipelined(4, depth=2):
            fill.fill(a, a.default_tap().coalesce()[row : row + 16], group=group)
            drain.drain(b, wait=True, group=group)

    steps = [line.split("_")[1] for line in sequence_lines(sequence) if "_task(" in line]
    pair, close = ["start", "start"], ["await", "free", "free"]
    assert steps == [*pair, *pair, *close, *pair, *close, *pair, *close, *close]


def test_default_and_explicit_groups_may_mix_if_asked():
    def sequence(a, b, fill, drain):
        group = TaskGroup()
        fill.fill(a)
        drain.drain(b, wait=True, group=group)
        group.finish()

    steps = [
        line
        for line in sequence_lines(sequence, strict_task_groups=False)
        if "free" in line or "await" in line
    ]
    assert steps == [
        "aiex.dma_await_task(%1)",
        "aiex.dma_free_task(%1)",
        "aiex.dma_free_task(%0)",
    ]


def test_tasks_by_hand():
    def sequence(a, b, fill, drain):
        sent = fill.fill(a, managed=False)
        received = drain.drain(b, wait=True, managed=False)
        received.await_()
        received.await_()
        sent.free()

    steps = [line for line in sequence_lines(sequence) if "free" in line or "await" in line]
    assert steps == ["aiex.dma_await_task(%1)", "aiex.dma_free_task(%0)"]


def test_a_loop_of_the_sequence():
    def sequence(a, b, fill, drain):
        for _ in range_(3):
            group = TaskGroup()
            fill.fill(a, group=group)
            drain.drain(b, wait=True, group=group)
            group.finish()

    lines = sequence_lines(sequence)
    assert "scf.for %arg2 = %c0 to %c3 step %c1 {" in lines
    assert lines[-3:] == [
        "aiex.dma_await_task(%1)",
        "aiex.dma_free_task(%0)",
        "aiex.dma_free_task(%1)",
    ]


def test_packets_of_a_transfer():
    def sequence(a, b, fill, drain):
        fill.fill(a, packet=(0, 3))
        drain.drain(b, wait=True)

    assert "{packet = #aie.packet_info<pkt_type = 0, pkt_id = 3>}" in sequence_lines(sequence)[1]


def test_numbers_among_the_arguments():
    gain = Buffer(array(4), name="gain", use_write_rtp=True)
    level = Buffer(array(2, dtype=np.float32), name="level", use_write_rtp=True)

    def sequence(a, b, fill, drain, constant, argument, later):
        gain[0] = constant
        gain[1] = argument
        gain[2] = later
        gain[3] = -1
        level[1] = 0.5
        fill.fill(a)
        drain.drain(b, wait=True)

    later = DispatchTimeArgument("later", DispatchTime[np.int32])
    lines = sequence_lines(sequence, extra=[9, np.int32, later], workers=[gain, level])
    assert lines[:8] == [
        "%c9_i32 = arith.constant 9 : i32",
        "aiex.npu.rtp_write(@gain, 0, %c9_i32) : i32",
        "aiex.npu.rtp_write(@gain, 1, %arg2) : i32",
        "aiex.npu.rtp_write(@gain, 2, %arg3) : i32",
        "%c-1_i32 = arith.constant -1 : i32",
        "aiex.npu.rtp_write(@gain, 3, %c-1_i32) : i32",
        "%c1056964608_i32 = arith.constant 1056964608 : i32",
        "aiex.npu.rtp_write(@level, 1, %c1056964608_i32) : i32",
    ]


def test_numbers_of_the_sequence_are_not_known_while_it_is_traced():
    def sequence(a, b, fill, drain, count):
        for _ in range(count):  # !count
            fill.fill(a)

    with refused(
        at="count",
        what="range() or an index into a Python list of a sequence value",
        because="the sequence computes it later; while the function is traced there is no number",
        fix="a Python number from outside of the function instead of an entry of fn_args",
    ):
        sequence_lines(sequence, extra=[4])


def test_handles_come_in_the_lists_they_were_given_in():
    tensor = array(16)
    fifos = [ObjectFifo(tensor, name=f"f{i}") for i in range(2)]

    def core(source):
        source.acquire(1)
        source.release(1)

    workers = [Worker(core, [fifo.cons()]) for fifo in fifos]

    def sequence(tensors, ends):
        assert isinstance(tensors, tuple)
        assert isinstance(ends, list)
        for data, end in zip(tensors, ends, strict=True):
            end.fill(data, wait=True)

    runtime = Runtime(sequence, [(tensor, tensor), [fifo.prod() for fifo in fifos]])
    text = text_of(Program(NPU1(), runtime, workers))
    assert "aie.runtime_sequence(%arg0: memref<16xi32>, %arg1: memref<16xi32>)" in text
    assert "dma_configure_task_for @f1" in text


def test_a_consumer_made_in_the_sequence_is_made_once():
    tensor = array(16)
    x, y = ObjectFifo(tensor, name="x"), ObjectFifo(tensor, name="y")

    def core(source, sink):
        a, b = source.acquire(1), sink.acquire(1)
        b[0] = a[0]
        source.release(1)
        sink.release(1)

    worker = Worker(core, [x.cons(), y.prod()])

    def sequence(a, b):
        for _ in range(2):
            x.prod().fill(a)
            y.cons().drain(b, wait=True)

    program = Program(NPU1(), Runtime(sequence, [tensor, tensor]), [worker])
    first = text_of(program)
    assert first.count("configure_task_for @y") == 2
    assert "aie.objectfifo @y(%logical_core, {%logical_shim_noc_0}, 2 : i32)" in first
    assert text_of(program) == first


def test_unsigned_and_symbolic_arguments_are_refused():
    runtime = Runtime(lambda n: None, [np.uint32])  # !unsigned
    with refused(
        at="unsigned",
        what="an argument of the sequence has the unsigned type ui32",
        because="mlir's arith operations are signless",
        fix="np.int32",
    ):
        text_of(Program(NPU1(), runtime))
    later = DispatchTimeArgument("n", DispatchTime[np.int32])
    with refused(
        at="computed",
        what="the DispatchTime parameter 'n' is computed with",
        because="its value comes with each call, after the program is built",
        fix="Runtime(function, [..., parameter]), or CompileTime",
    ):
        later + 1  # !computed


def test_a_pattern_of_a_loop_counter_is_refused():
    def sequence(a, b, fill, drain):
        for i in range_(4):
            fill.fill(a, tap=TensorAccessPattern((64, 64), i * 16, [16], [1]))  # !counter

    with refused(
        at="counter",
        what="offset of an access pattern is [<index value of a sequence>]",
        because="a pattern is made while the function is traced; the value comes later",
        fix="numbers: `for i in range(...)` in the place of `range_`",
    ):
        sequence_lines(sequence)


def test_the_host_waits_at_the_line_of_a_transfer_without_a_group():
    one = array(16)
    x = ObjectFifo(one, name="x")
    y = x.cons().forward(name="y")

    def sequence(a, b, fill, drain):
        fill.fill(a)
        drain.drain(b, wait=True)  # !waits

    runtime = Runtime(sequence, [one, one, x.prod(), y.cons()])
    module = Program(NPU1(), runtime).resolve_program()
    (wait,) = [op for op in module.walk() if op.name == "aiex.dma_await_task"]
    assert str(source_line_of(wait)) == marked(Path(__file__), "waits")
