"""Refusals of workers, buffers and barriers, with whole messages."""

import numpy as np
import pytest
from iron_programs import T, array, move, nothing, refused, resolve, text_of, through_one_core

from ironbird.base.errors import DesignError
from ironbird.iron import (
    Buffer,
    ObjectFifo,
    Worker,
    WorkerRuntimeBarrier,
)
from ironbird.iron.device import AnyMemTile, NPU1Col1, Tile


def test_two_workers_on_one_tile():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    first = Worker(move, [x.cons(), y.prod()], tile=Tile(0, 2))  # !first_worker
    second = Worker(None, tile=Tile(0, 2))  # !second_worker
    with refused(
        at="second_worker",
        what="Multiple workers cannot share the same tile: Tile<CoreTile>(0, 2)",
        because="the Worker of 'move' made at <first_worker> stands there",
    ):
        resolve([first, second], nothing, [])


def test_two_workers_with_one_wish():
    wish = Tile(1)
    workers = [Worker(None, tile=wish), Worker(None, tile=wish)]
    with pytest.raises(DesignError) as refusal:
        resolve(workers, nothing, [])
    assert refusal.value.what == (
        "Multiple workers cannot share the same tile: Tile<CoreTile>(1, ?)"
    )


def test_a_worker_on_a_memory_tile():
    for tile in (AnyMemTile, Tile(0, 1)):
        with refused(
            at="mem_worker",
            what=f"the Worker of 'move' cannot stand on {tile!r}",
            because="it needs a CoreTile",
        ):
            Worker(move, [], tile=tile)  # !mem_worker


def test_a_worker_outside_the_device():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()], tile=Tile(2, 3))  # !outside
    with refused(
        at="outside",
        what="Tile<CoreTile>(2, 3) is outside npu1_1col",
        because="it has columns 0 to 0",
    ):
        resolve([worker], nothing, [x.prod(), y.cons()], NPU1Col1())


def test_stack_sizes():
    with refused(
        at="stack",
        what="Worker(stack_size=-1)",
        because="it is a number of bytes above 0",
    ):
        Worker(move, [], stack_size=-1)  # !stack
    with refused(
        at="memory_size",
        what="Worker(data_size=0)",
        because="it is a number of bytes above 0",
    ):
        Worker(move, [], data_size=0)  # !memory_size


def test_two_names_of_one_place():
    with refused(
        at="both",
        what="the Worker of 'move' is given tile= and placement=",
        because="they are the new and the earlier name of one argument",
        fix="one of the two",
    ):
        Worker(move, [], tile=Tile(0, 2), placement=Tile(0, 3))  # !both


def test_one_buffer_in_two_workers():
    buffer = Buffer(T, name="bb")  # !bb
    Worker(nothing, [buffer])
    with refused(
        at="second_place",
        what="Buffer 'bb' is already placed on Tile<CoreTile>(?, ?); cannot reassign to "
        "Tile<CoreTile>(?, ?)",
        because="the Buffer at <bb> was given to two workers",
        fix="Buffer(..., tile=...) on a tile that both cores reach",
    ):
        Worker(nothing, [buffer])  # !second_place


def test_buffers_without_type_or_with_another_value():
    with refused(
        at="bare",
        what="an unnamed Buffer has neither a type nor an initial value",
        fix="Buffer(np.ndarray[(4,), np.dtype[np.int32]])",
    ):
        Buffer()  # !bare
    with refused(
        at="other_value",
        what="Buffer 'b' of 16xi32 starts with a int64 array of shape (4,)",
        because="shape and dtype must be those of its type",
    ):
        Buffer(T, initial_value=np.arange(4), name="b")  # !other_value


def sequence_of(function, *extra):
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")

    def core(source, sink, *_):
        move(source, sink)

    worker = Worker(core, [x.cons(), y.prod(), *extra])
    return resolve([worker], function, [T, T, x.prod(), y.cons()])


def test_runtime_parameters():
    plain = Buffer(array(4), name="plain")

    def write_plain(a, b, i, o):
        plain[0] = 1  # !plain

    with refused(
        at="plain",
        what="Buffer 'plain' is written in the sequence 'write_plain'",
        because="only runtime parameters can be written from the host",
        fix="Buffer(..., use_write_rtp=True)",
    ):
        sequence_of(write_plain, plain)

    narrow = Buffer(array(4, dtype=np.int16), name="narrow", use_write_rtp=True)

    def write_narrow(a, b, i, o):
        narrow[0] = 1  # !narrow

    with refused(
        at="narrow",
        what="Buffer 'narrow' has i16 elements",
        because="the host writes a runtime parameter as one 32-bit word",
        fix="np.int32 elements",
    ):
        sequence_of(write_narrow, narrow)

    wide = Buffer(array(4), name="wide", use_write_rtp=True)

    def write_outside(a, b, i, o):
        wide[4] = 1  # !rtp_outside

    with refused(
        at="rtp_outside",
        what="index 4 into Buffer 'wide' of 4xi32",
        because="the sequence writes words 0 to 3",
    ):
        sequence_of(write_outside, wide)

    def read(a, b, i, o):
        wide[0]  # !rtp_read

    with refused(
        at="rtp_read",
        what="Buffer 'wide' is read in the sequence 'read'",
        because="the sequence runs on the host and can only write runtime parameters",
    ):
        sequence_of(read, Buffer(array(4)))


def test_a_buffer_that_lies_nowhere():
    lost = Buffer(array(4), name="lost", use_write_rtp=True)  # !lost_buffer

    def write(a, b, i, o):
        lost[0] = 1

    with refused(
        at="lost_buffer",
        what="Buffer 'lost' lies nowhere",
        because="no worker was given it, and it has no tile",
        fix="list it in a Worker's fn_args, or give it tile=",
    ):
        sequence_of(write)


def test_barriers():
    with refused(
        at="barrier_value",
        what="WorkerRuntimeBarrier(initial_value) of 64",
        because="a lock holds 0 to 63",
    ):
        WorkerRuntimeBarrier(64)  # !barrier_value
    barrier = WorkerRuntimeBarrier()  # !barrier

    def sequence(a, b, i, o):
        barrier.set(1)  # !set

    with refused(
        at="set",
        what="nobody waits for a WorkerRuntimeBarrier that the sequence sets",
        because="no Worker of the program has the barrier made at <barrier>",
        fix="list the barrier in the fn_args of a Worker",
    ):
        sequence_of(sequence)

    def core(source, sink):
        barrier.wait_for_value(1)  # !wait

    with refused(
        at="wait",
        what="the Worker of 'core' uses a WorkerRuntimeBarrier it was not given",
        because="the barrier was made at <barrier>",
        fix="list the barrier in the fn_args of the Worker",
    ):
        text_of(through_one_core(core))
