"""Refusals of sequences, with whole messages."""

import numpy as np
from iron_programs import T, array, move, refused, resolve

from ironbird.iron import (
    ObjectFifo,
    TaskGroup,
    Worker,
)
from ironbird.iron.controlflow import range_
from ironbird.iron.taplib import TensorAccessPattern


def sequence_of(function, *extra):
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")

    def core(source, sink, *_):
        move(source, sink)

    worker = Worker(core, [x.cons(), y.prod(), *extra])
    return resolve([worker], function, [T, T, x.prod(), y.cons()])


def test_a_transfer_of_something_else():
    def sequence(a, b, i, o):
        i.fill(np.zeros(4))  # !array

    with refused(
        at="array",
        what="ObjectFifo.fill() of ObjectFifo 'x' of ndarray",
        because="it moves one of the tensors that the sequence's function receives",
        fix="a parameter of the function, declared in Runtime(function, [type, ...])",
    ):
        sequence_of(sequence)


def test_a_walk_outside_the_tensor():
    tap = TensorAccessPattern((32,), 8, [16], [1])

    def sequence(a, b, i, o):
        i.fill(a, tap)  # !walk

    with refused(
        at="walk",
        what="ObjectFifo.fill() of ObjectFifo 'x' reaches element 23 of argument 0",
        because="the tensor 16xi32 has 16 elements; the tap is over 32",
    ):
        sequence_of(sequence)


def test_a_walk_of_five_dimensions():
    tap = TensorAccessPattern((512,), 0, [2, 2, 2, 2, 2], [256, 64, 16, 4, 1])
    x = ObjectFifo(array(32), name="x")

    def sequence(a, i):
        i.fill(a, tap)  # !five

    with refused(
        at="five",
        what="ObjectFifo.fill() of ObjectFifo 'x' walks in 5 dimensions",
        because="a shim descriptor has 4: sizes [2, 2, 2, 2, 2], strides [256, 64, 16, 4, 1]",
        fix="one transfer for each step of the outermost dimension",
    ):
        resolve([], sequence, [array(512), x.prod()])


def test_padding_in_the_sequence():
    def sequence(a, b, i, o):
        i.fill(a, TensorAccessPattern.full((16,)).pad([(1, 1)]))  # !shim_pads

    with refused(
        at="shim_pads",
        what="ObjectFifo.fill() of ObjectFifo 'x' pads",
        because="only memory tiles add zeros; the shim does not",
        fix="to_stream=tap.pad(...) of a fifo that a memory tile produces",
    ):
        sequence_of(sequence)


def test_mixed_groups():
    def sequence(a, b, i, o):
        group = TaskGroup()  # !group
        i.fill(a)  # !default
        o.drain(b, wait=True, group=group)
        group.finish()

    with refused(
        at="default",
        what="Mixing explicit task groups and the default task group is prohibited. Please assign "
        "all default tasks (x) to a task group.",
        because="the sequence begins a task group at <group>",
        fix="group= (task_group= of rt.fill), or strict_task_groups=False",
    ):
        sequence_of(sequence)


def test_an_open_group():
    def sequence(a, b, i, o):
        group = TaskGroup()  # !open
        i.fill(a, group=group)
        o.drain(b, wait=True, group=group)

    with refused(
        at="open",
        what="Failed to close task groups: TaskGroup(0)",
        because="the sequence ends before the group does",
        fix="group.finish(), or rt.finish_task_group(group), behind its last transfer",
    ):
        sequence_of(sequence)


def test_a_group_after_its_end():
    def sequence(a, b, i, o):
        group = TaskGroup()
        i.fill(a, group=group)
        group.finish()
        o.drain(b, wait=True, group=group)  # !late

    with refused(
        at="late",
        what="a transfer of ObjectFifo 'y' joins TaskGroup(0) after its end",
        because="group.finish() was called before",
    ):
        sequence_of(sequence)


def test_groups_and_loops_of_the_sequence():
    def outside(a, b, i, o):
        group = TaskGroup()  # !outer_group
        for _ in range_(4):
            i.fill(a, group=group)  # !in_loop

    with refused(
        at="in_loop",
        what="a transfer of ObjectFifo 'x' inside `range_` joins a group begun outside",
        because="TaskGroup(0) was begun at <outer_group>",
        fix="a TaskGroup inside the loop, or a Python range",
    ):
        sequence_of(outside)

    def default(a, b, i, o):
        for _ in range_(4):
            i.fill(a)  # !default_in_loop

    with refused(
        at="default_in_loop",
        what="a transfer inside `range_` without a group",
        because="transfers without a group end with the sequence, outside the loop",
        fix="group = TaskGroup() and group.finish() inside the loop, or a Python range",
    ):
        sequence_of(default)


def test_await_without_a_token():
    def sequence(a, b, i, o):
        task = i.fill(a)  # !tokenless
        task.await_()  # !await

    with refused(
        at="await",
        what="a transfer of ObjectFifo 'x' cannot be awaited",
        because="the transfer at <tokenless> issues no token",
        fix="wait=True",
    ):
        sequence_of(sequence)


def test_a_group_outside_of_a_sequence():
    with refused(
        at="stray",
        what="TaskGroup() outside of a core function or a sequence",
        because="it makes an operation of the program, and no program is being built here",
        fix="call it in the function given to Worker(...) or Runtime(...)",
    ):
        TaskGroup()  # !stray
