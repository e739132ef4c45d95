"""Refusals of fifos and their ends, with whole messages."""

import numpy as np
import pytest
from iron_programs import T, array, move, nothing, refused, resolve, text_of, through_one_core

from ironbird.iron import (
    ObjectFifo,
    Program,
    Runtime,
    Worker,
)
from ironbird.iron.device import NPU1


def test_a_fifo_nobody_fills():
    x = ObjectFifo(T, name="x")  # !unfilled
    y = ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="unfilled",
        what="nobody fills ObjectFifo 'x'",
        because="prod() was never called",
        fix="fifo.prod() given to a Worker or the Runtime, or rt.fill(fifo.prod(), x)",
    ):
        resolve([worker], lambda b, out: out.drain(b, wait=True), [T, y.cons()])


def test_a_fifo_whose_producer_handle_went_nowhere():
    x = ObjectFifo(T, name="x")  # !handle_unused
    y = ObjectFifo(T, name="y")
    x.prod()
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="handle_unused",
        what="nobody fills ObjectFifo 'x'",
        because="its prod() handle was given to no Worker, Runtime or link",
        fix="fifo.prod() given to a Worker or the Runtime, or rt.fill(fifo.prod(), x)",
    ):
        resolve([worker], lambda b, out: out.drain(b, wait=True), [T, y.cons()])


def test_a_fifo_nobody_consumes():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")  # !unconsumed
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="unconsumed",
        what="nobody consumes ObjectFifo 'y'",
        because="cons() was never called",
        fix="fifo.cons() given to a Worker or the Runtime, or rt.drain(fifo.cons(), x)",
    ):
        resolve([worker], lambda a, fill: fill.fill(a), [T, x.prod()])


def test_a_consumer_handle_that_went_nowhere():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])
    x.cons()  # !lost
    with refused(
        at="lost",
        what="nobody consumes ObjectFifo 'x' at its consumer 1",
        because="this cons() handle was given to no Worker, Runtime or link, and the producer "
        "waits for every consumer",
        fix="the handle given to a Worker or the Runtime, or rt.drain(handle, x)",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_sequence_that_never_fills():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])

    def sequence(b, i, o):
        o.drain(b, wait=True)

    runtime = Runtime(sequence, [T, x.prod(), y.cons()])  # !never_fills
    with refused(
        at="never_fills",
        what="nobody fills ObjectFifo 'x'",
        because="the sequence 'sequence' was given its prod handle and never calls fill()",
        fix="fill(tensor)",
    ):
        text_of(Program(NPU1(), runtime, workers=[worker]))


def test_a_worker_that_never_acquires():
    def idle(source, sink):
        b = sink.acquire(1)
        b[0] = 1
        sink.release(1)

    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(idle, [x.cons(), y.prod()])  # !idle
    with refused(
        at="idle",
        what="nobody consumes ObjectFifo 'x'",
        because="the Worker of 'idle' has its cons handle and never acquires; the producer waits "
        "for ever",
        fix="acquire and release it in 'idle'",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_worker_that_the_program_does_not_run():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    Worker(move, [x.cons(), y.prod()])  # !forgotten
    with refused(
        at="forgotten",
        what="nobody consumes ObjectFifo 'x'",
        because="the Worker of 'move' has its cons handle, and is not among the workers of the "
        "Program",
        fix="Program(device, runtime, workers=[...]), or rt.start(worker)",
    ):
        resolve(
            [],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_fifo_in_place_of_a_handle():
    x = ObjectFifo(T, name="x")
    with refused(
        at="raw",
        what="Cannot give an ObjectFifo directly to a worker; must give an ObjectFifoHandle "
        "obtained through ObjectFifo.prod() or ObjectFifo.cons()",
        because="ObjectFifo 'x' is in the fn_args of the Worker of 'move'",
    ):
        Worker(move, [x])  # !raw

    with refused(
        at="raw_runtime",
        what="Cannot give an ObjectFifo directly to a Runtime",
        because="ObjectFifo 'x' has two sides",
        fix="fifo.prod() to fill it, fifo.cons() to drain it",
    ):
        runtime = Runtime(nothing, [x])  # !raw_runtime
        text_of(Program(NPU1(), runtime))


def test_functions_called_with_another_number_of_arguments():
    x = ObjectFifo(T, name="x")
    with refused(
        at="one_argument",
        what="the Worker of 'move' has 1 fn_args",
        because="the function is move(source, sink): missing a required argument: 'sink'",
        fix="one entry of fn_args for each parameter",
    ):
        Worker(move, [x.cons()])  # !one_argument
    with refused(
        at="three_arguments",
        what="the sequence 'move' has 3 fn_args",
        because="the function is move(source, sink): too many positional arguments",
        fix="one entry of fn_args for each parameter",
    ):
        Runtime(move, [T, T, T])  # !three_arguments


def test_a_handle_given_to_two_workers():
    x = ObjectFifo(T, name="x")
    handle = x.cons()
    Worker(nothing, [handle])
    with refused(
        at="twice",
        what="the cons handle of ObjectFifo 'x' is given away twice",
        because="the Worker of 'nothing' has it already",
        fix="another cons() for each consumer",
    ):
        Worker(nothing, [handle])  # !twice


def test_acquire_of_more_than_the_depth():
    def greedy(source, sink):
        source.acquire(3)  # !greedy

    with refused(
        at="greedy",
        what="Number of elements to acquire 3 must not exceed depth 2",
        because="the cons end of ObjectFifo 'x' holds 2",
        fix="depth=3",
    ):
        text_of(through_one_core(greedy))


def test_release_of_nothing():
    def strange(source, sink):
        source.release(0)  # !release_none

    with refused(at="release_none", what="release(0) of ObjectFifo 'x'", because="the least is 1"):
        text_of(through_one_core(strange))


def test_a_handle_of_another_worker():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    taken = x.cons()

    def thief(sink):
        taken.acquire(1)  # !thief

    def owner(source):
        source.acquire(1)

    workers = [Worker(thief, [y.prod()]), Worker(owner, [taken])]
    with refused(
        at="thief",
        what="the Worker of 'thief' uses the cons handle of ObjectFifo 'x'",
        because="that handle was given to the Worker of 'owner'",
        fix="list the handle in the fn_args of this Worker",
    ):
        resolve(
            workers,
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_acquire_in_the_sequence():
    def sequence(a, b, i, o):
        i.acquire(1)  # !host_acquire

    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="host_acquire",
        what="acquire() of ObjectFifo 'x' in the sequence 'sequence'",
        because="the sequence runs on the host, which has no cores' memory",
        fix="move it into the function of a Worker",
    ):
        resolve([worker], sequence, [T, T, x.prod(), y.cons()])


def test_fill_in_a_core():
    def core(source, sink):
        sink.fill(None)  # !core_fill

    with refused(
        at="core_fill",
        what="ObjectFifo.fill() of ObjectFifo 'y' in the core function 'core'",
        because="a core cannot reach the host's memory",
        fix="move it into the function of the Runtime",
    ):
        text_of(through_one_core(core))


def test_fill_through_the_wrong_handle():
    def sequence(a, x):
        x.fill(a)  # !wrong_handle

    x = ObjectFifo(T, name="x")
    with refused(
        at="wrong_handle",
        what="ObjectFifo.fill() of ObjectFifo 'x' through a cons handle",
        fix="prod().fill(...)",
    ):
        resolve([], sequence, [T, x.cons()])


@pytest.mark.parametrize("depth", [0, -1, 2.0, True])
def test_depths(depth):
    with refused(
        at="depth", what=f"ObjectFifo 'x' has depth={depth!r}", because="the least is 1 object"
    ):
        ObjectFifo(T, name="x", depth=depth)  # !depth


def test_an_end_without_depth():
    x = ObjectFifo(T, name="x", depth=None)  # !depthless
    assert x.cons(depth=3).depth == 3
    with refused(
        at="no_depth",
        what="an end of ObjectFifo 'x' has no depth",
        because="the ObjectFifo at <depthless> was made with depth=None",
        fix="prod(depth=2), cons(depth=2)",
    ):
        x.prod()  # !no_depth


@pytest.mark.parametrize("count", [0, 257])
def test_iter_counts(count):
    x = ObjectFifo(T, name="x")
    with refused(
        at="iter",
        what="Iter count must be in [1, 256] range.",
        because=f"ObjectFifo 'x' was given {count}",
    ):
        x.set_iter_count(count)  # !iter


def test_repeat_counts():
    with refused(
        at="repeat",
        what="repeat_count=0 of ObjectFifo 'x'",
        because="a DMA sends an object 1 to 256 times",
    ):
        ObjectFifo(T, name="x", repeat_count=0)  # !repeat


def test_layouts_that_are_neither_patterns_nor_pairs():
    with refused(
        at="sizes",
        what="to_stream of ObjectFifo 'x' is [2, 8]",
        because="it is a list of pairs (size, stride), outermost dimension first",
        fix="TensorAccessPattern(shape, 0, sizes, strides) from aie.helpers.taplib",
    ):
        ObjectFifo(T, name="x", to_stream=[2, 8])  # !sizes
    with refused(
        at="pads",
        what="pad_dimensions of ObjectFifo 'x' is 3",
        because="it is a list of pairs (before, after), outermost dimension first",
        fix="TensorAccessPattern(shape, 0, sizes, strides) from aie.helpers.taplib",
    ):
        ObjectFifo(T, name="x", pad_dimensions=3)  # !pads
    with refused(
        at="both",
        what="ObjectFifo 'x' is given to_stream= and dims_to_stream=",
        because="they are the new and the earlier name of one argument",
        fix="one of the two",
    ):
        ObjectFifo(T, 2, "x", [(16, 1)], to_stream=[(16, 1)])  # !both


def test_what_npu1_has_not():
    for options, what, because in (
        ({"plio": True}, "has plio=True", "npu1 has no programmable logic"),
        ({"pad_value": 3}, "has pad_value=3", "memory tiles of npu1 pad with zeros"),
    ):
        with refused(at="absent", what=f"ObjectFifo 'x' {what}", because=because):
            ObjectFifo(T, name="x", **options)  # !absent
    with refused(
        at="packet",
        what="ObjectFifo 'x' is packet-switched",
        because="the dialect of August 2026 has no text for it",
        fix="PacketFlow",
    ):
        ObjectFifo(T, name="x", packet=True)  # !packet


def test_array_types():
    with refused(
        at="no_array",
        what="an unnamed ObjectFifo needs an array type, not int32",
        fix="np.ndarray[(64,), np.dtype[np.int32]]",
    ):
        ObjectFifo(np.int32)  # !no_array
    with refused(
        at="no_element",
        what="ObjectFifo 'x' has no element type for complex64",
        because="complex64 is not an element type; known: bfloat16, bool, float16, float32, "
        "float64, int16, int32, int64, int8, uint16, uint32, uint64, uint8",
    ):
        ObjectFifo(array(4, dtype=np.complex64), name="x")  # !no_element
    with refused(
        at="no_size",
        what="ObjectFifo 'x' has the shape (4, 0)",
        because="every size must be an integer of at least 1",
    ):
        ObjectFifo(array(4, 0), name="x")  # !no_size


def test_names_before_resolution_and_names_used_twice():
    with refused(
        at="unnamed",
        what="an unnamed ObjectFifo gets its name when its program is resolved",
        fix="ObjectFifo(..., name=...)",
    ):
        str(ObjectFifo(T).name)  # !unnamed
    x = ObjectFifo(T, name="x")  # !first_x
    y = ObjectFifo(T, name="x")  # !second_x
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="second_x",
        what="two objects are called 'x'",
        because="the ObjectFifo at <first_x> has that name",
        fix="another name=, or none",
    ):
        resolve([worker], nothing, [x.prod(), y.cons()])
