"""`with rt.sequence(...)`: it gives the module of the function form, and refuses at its lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iron_programs import T, array, move, nothing, refused, text_of

from ironbird.iron import (
    Buffer,
    ObjectFifo,
    Program,
    Runtime,
    TaskGroup,
    Worker,
    WorkerRuntimeBarrier,
)
from ironbird.iron.device import NPU1, AnyShimTile, Tile
from ironbird.iron.taplib import TensorAccessPattern

HALF = TensorAccessPattern((16,), 8, [8], [1])


def one_core(**options):
    """Two fifos and the worker between them."""
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    return x, y, Worker(move, [x.cons(), y.prod()], tile=Tile(0, 2), **options)


def gated(source, sink, gain, go):
    go.wait_for_value(2)
    a, b = source.acquire(1), sink.acquire(1)
    b[0] = a[0] * gain[0]
    source.release(1)
    sink.release(1)


def recorded_text():
    """Everything that can be recorded."""
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    gain, go = Buffer(T, name="gain", use_write_rtp=True), WorkerRuntimeBarrier()
    worker = Worker(gated, [x.cons(), y.prod(), gain, go])
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(worker)
        rt.inline_ops(lambda gain: gain.__setitem__(0, 7), [gain])
        rt.set_barrier(go, 2)
        first = rt.task_group()
        rt.fill(x.prod(), a, HALF, task_group=first)
        rt.drain(y.cons(), b, task_group=first, wait=True)
        second = rt.task_group()
        rt.fill(x.prod(), a, tap=HALF, task_group=second, tile=AnyShimTile)
        rt.finish_task_group(first)
        rt.finish_task_group(second)
    return text_of(Program(NPU1(), rt))


def function_text():
    """The same, as IRON 1.4 writes it."""
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    gain, go = Buffer(T, name="gain", use_write_rtp=True), WorkerRuntimeBarrier()
    worker = Worker(gated, [x.cons(), y.prod(), gain, go])

    def sequence(a, b, fill, drain):
        gain[0] = 7
        go.set(2)
        first = TaskGroup()
        fill.fill(a, HALF, group=first)
        drain.drain(b, group=first, wait=True)
        second = TaskGroup()
        fill.fill(a, tap=HALF, group=second)
        first.finish()
        second.finish()

    return text_of(Program(NPU1(), Runtime(sequence, [T, T, x.prod(), y.cons()]), [worker]))


def test_both_forms_give_one_module():
    assert recorded_text() == function_text()


def test_one_tensor_comes_alone_and_several_as_a_tuple():
    rt = Runtime()
    with rt.sequence(array(4, 8)) as alone:
        assert (alone.shape, alone.dtype, alone.number) == ((4, 8), np.dtype(np.int32), 0)
        assert alone.default_tap().numel == 32
    other = Runtime(False)
    assert other.strict_task_groups is False
    with other.sequence(T, T) as both:
        assert [each.number for each in both] == [0, 1]


def test_a_program_resolves_twice_to_the_same_text():
    x, y, worker = one_core()
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(worker, worker)
        for _ in range(2):
            rt.fill(x.prod(), a)
            rt.drain(y.cons(), b, wait=True)
    program = Program(NPU1(), rt)
    assert rt.workers == program.workers == [worker]
    assert [handle.handle_type for handle in rt.fifos] == ["prod", "cons"]
    assert len(y.consumers) == 1
    assert text_of(program) == text_of(program)


def test_the_value_of_a_tensor_exists_while_the_sequence_is_built():
    x, y, worker = one_core()
    rt = Runtime()
    seen = []
    with rt.sequence(T, T) as (a, b):
        rt.start(worker)
        rt.fill(x.prod(), a)
        rt.drain(y.cons(), b, wait=True)
        rt.inline_ops(lambda tensor: seen.append(tensor.op), [a])
        with refused(
            at="early",
            what="argument 0 of the sequence has no value yet",
            because="`with rt.sequence(...)` only records; the program is built later",
            fix="rt.inline_ops(function, [tensor]), whose function runs later",
        ):
            assert a.op  # !early
    text_of(Program(NPU1(), rt))
    assert len(seen) == 1


def nothing_to_take():
    pass


def test_transfers_are_refused_at_their_own_line():
    x, y, _ = one_core()
    rt, other = Runtime(), Runtime()
    with other.sequence(T) as foreign, rt.sequence(T, T) as (a, b):
        with refused(
            at="foreign",
            what="rt.fill() of ObjectFifo 'x' and a tensor of another sequence",
            because="it moves one of the tensors that rt.sequence(...) yields",
            fix="with rt.sequence(type, ...) as (a, ...)",
        ):
            rt.fill(x.prod(), foreign)  # !foreign
        with refused(
            at="array",
            what="rt.drain() of ObjectFifo 'y' and a ndarray",
            because="it moves one of the tensors that rt.sequence(...) yields",
            fix="with rt.sequence(type, ...) as (a, ...)",
        ):
            rt.drain(y.cons(), np.zeros(16))  # !array
        with refused(
            at="side",
            what="rt.fill() of the cons handle of ObjectFifo 'y'",
            fix="rt.fill(fifo.prod(), tensor), rt.drain(fifo.cons(), tensor)",
        ):
            rt.fill(y.cons(), b)  # !side
        with refused(
            at="fifo",
            what="rt.fill() of a ObjectFifo",
            because="a transfer moves objects at one end of an ObjectFifo",
            fix="rt.fill(fifo.prod(), tensor), rt.drain(fifo.cons(), tensor)",
        ):
            rt.fill(x, a)  # !fifo
        with refused(
            at="group",
            what="rt.finish_task_group() with TaskGroup(0)",
            because="it is no group of this sequence",
            fix="group = rt.task_group()",
        ):
            rt.finish_task_group(other.task_group())  # !group
        with refused(at="start", what="rt.start() of a int", fix="Worker(function, [...])"):
            rt.start([3])  # !start
        with refused(
            at="inline",
            what="rt.inline_ops() has 1 fn_args",
            because="the function is nothing_to_take(): too many positional arguments",
            fix="one entry of fn_args for each parameter",
        ):
            rt.inline_ops(nothing_to_take, [a])  # !inline


def test_what_is_found_later_names_the_line_of_the_call():
    x, y, worker = one_core()
    rt = Runtime()
    with rt.sequence(array(4), T) as (a, b):
        rt.start(worker)
        rt.fill(x.prod(), a, TensorAccessPattern((8,), 0, [8], [1]))  # !outside
        rt.drain(y.cons(), b, wait=True)
    with refused(
        at="outside",
        what="ObjectFifo.fill() of ObjectFifo 'x' reaches element 7 of argument 0",
        because="the tensor 4xi32 has 4 elements; the tap is over 8",
    ):
        text_of(Program(NPU1(), rt))


def test_groups_that_mix_or_stay_open():
    x, y, worker = one_core()
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(worker)
        rt.fill(x.prod(), a)  # !default
        group = rt.task_group()  # !explicit
        rt.drain(y.cons(), b, task_group=group, wait=True)
        rt.finish_task_group(group)
    with refused(
        at="default",
        what="Mixing explicit task groups and the default task group is prohibited. "
        "Please assign all default tasks (x) to a task group.",
        because="the sequence begins a task group at <explicit>",
        fix="group= (task_group= of rt.fill), or strict_task_groups=False",
    ):
        text_of(Program(NPU1(), rt))
    x, y, worker = one_core()
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(worker)
        group = rt.task_group()  # !open
        rt.fill(x.prod(), a, task_group=group)
        rt.drain(y.cons(), b, task_group=group, wait=True)
    with refused(
        at="open",
        what="Failed to close task groups: TaskGroup(0)",
        because="the sequence ends before the group does",
        fix="group.finish(), or rt.finish_task_group(group), behind its last transfer",
    ):
        text_of(Program(NPU1(), rt))


def test_two_places_for_one_fifo():
    x, y, _ = one_core()
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.fill(x.prod(), a, tile=Tile(0, 0))
        rt.fill(x.prod(), a, placement=Tile(0, 0))
        rt.drain(y.cons(), b)
        with refused(
            at="elsewhere",
            what="Found two different RuntimeEndpoints for ObjectFifo 'x'",
            because="this transfer stands on Tile<ShimNOCTile>(1, 0), an earlier one on "
            "Tile<ShimNOCTile>(0, 0)",
            fix="the same tile= for all transfers of a fifo",
        ):
            rt.fill(x.prod(), a, tile=Tile(1, 0))  # !elsewhere
        with refused(
            at="now_pinned",
            what="Found two different RuntimeEndpoints for ObjectFifo 'y'",
            because="this transfer stands on Tile<ShimNOCTile>(2, 0), an earlier one on "
            "Tile<ShimNOCTile>(?, ?)",
            fix="the same tile= for all transfers of a fifo",
        ):
            rt.drain(y.cons(), b, tile=Tile(2, 0))  # !now_pinned
        with refused(
            at="two_names",
            what="rt.fill() is given tile= and placement=",
            because="they are the new and the earlier name of one argument",
            fix="one of the two",
        ):
            rt.fill(x.prod(), a, tile=Tile(1, 0), placement=Tile(0, 0))  # !two_names


def test_forms_that_exclude_each_other():
    rt = Runtime(nothing)
    with refused(
        at="both_forms",
        what="a sequence is recorded in a Runtime that was made with a function",
        because="Runtime(function, [...]) describes the whole sequence in the function",
        fix="handle.fill(tensor) and handle.drain(tensor) there, "
        "Program(device, runtime, workers=[...])",
    ):
        rt.sequence(T)  # !both_forms
    twice = Runtime()
    twice.sequence(T)
    with refused(
        at="second",
        what="a second rt.sequence(...) of one Runtime",
        because="a Runtime has one sequence",
        fix="all transfers in one `with rt.sequence(...)`",
    ):
        twice.sequence(T)  # !second
    empty = Runtime()  # !empty
    with refused(
        at="empty",
        what="a Runtime without a sequence",
        because="it was made without a function, and rt.sequence(...) was never called",
        fix="Runtime(function, [type, ..., fifo.prod(), ...]), or "
        "`with rt.sequence(type, ...) as (a, ...)`",
    ):
        text_of(Program(NPU1(), empty))
    with refused(
        at="number",
        what="Runtime() of a int",
        because="it takes a function and the arguments to call it with",
        fix="Runtime(function, [type, ..., fifo.prod(), ...])",
    ):
        Runtime(3)  # !number


def test_errors_of_the_author_pass_through():
    rt = Runtime()
    with pytest.raises(KeyError, match=r"^'mine'$"), rt.sequence(T):
        raise KeyError("mine")


def test_every_generation_is_offered():
    """Programs look for one generation before they write it."""
    import aie.iron as iron
    from aie.iron.placers import SequentialPlacer

    assert all(hasattr(iron, name) for name in ("TaskGroup", "CompileTime", "StreamDims", "jit"))
    assert hasattr(iron.Runtime(), "sequence")
    assert hasattr(iron.device, "NPU1")
    assert SequentialPlacer is iron.placers.SequentialPlacer


STEPS = st.lists(
    st.tuples(st.sampled_from(["fill", "drain", "begin", "finish"]), st.integers(0, 7)), max_size=12
)


def carried_out(steps, fill, drain, begin, finish):
    """`steps` with every transfer in a group, and every group finished at the end."""
    open_groups = [begin()]
    for step, number in steps:
        group = open_groups[number % len(open_groups)]
        tap = TensorAccessPattern((16,), number, [8], [1])
        if step == "fill":
            fill(tap, group)
        elif step == "drain":
            drain(tap, group, number % 2 == 0)
        elif step == "begin":
            open_groups.append(begin())
        elif len(open_groups) > 1:
            open_groups.remove(group)
            finish(group)
    fill(None, open_groups[0])
    drain(None, open_groups[0], True)
    for group in open_groups:
        finish(group)


@given(steps=STEPS)
def test_any_sequence_is_the_same_in_both_forms(steps):
    x, y, worker = one_core()
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(worker)
        carried_out(
            steps,
            lambda tap, group: rt.fill(x.prod(), a, tap, task_group=group),
            lambda tap, group, wait: rt.drain(y.cons(), b, tap, task_group=group, wait=wait),
            rt.task_group,
            rt.finish_task_group,
        )
    recorded = Program(NPU1(), rt)
    x, y, worker = one_core()

    def sequence(a, b, into, out):
        carried_out(
            steps,
            lambda tap, group: into.fill(a, tap, group=group),
            lambda tap, group, wait: out.drain(b, tap, group=group, wait=wait),
            TaskGroup,
            TaskGroup.finish,
        )

    runtime = Runtime(sequence, [T, T, x.prod(), y.cons()])
    assert text_of(recorded) == text_of(Program(NPU1(), runtime, [worker]))
