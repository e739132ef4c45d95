"""Layouts as lists of pairs, and transfers in numbers: the same modules as with patterns."""

import numpy as np
import pytest
from iron_programs import T, array, refused, text_of

from ironbird.iron import Bd, BdIteration, ObjectFifo, PadDims, Program, Runtime, StreamDims, Worker
from ironbird.iron.device import NPU1
from ironbird.iron.taplib import TensorAccessPattern

PAIRS = [(4, 1), (4, 4)]
TAP = TensorAccessPattern((16,), 0, [4, 4], [1, 4])
PADDED = array(6, 6)


def consume(source):
    source.acquire(1)
    source.release(1)


def layout_text(make):
    """The fifos of a program in which `make(x)` gives the fifos that cores consume."""
    x = ObjectFifo(array(4, 4), name="x")
    fifos = make(x)
    workers = [Worker(consume, [fifo.cons()]) for fifo in fifos]
    rt = Runtime()
    with rt.sequence(array(4, 4)) as a:
        rt.start(workers)
        rt.fill(x.prod(), a, wait=True)
    return text_of(Program(NPU1(), rt))


def padded_by_hand(x, **layout):
    from ironbird.iron import ObjectFifoLink

    fifo = ObjectFifo(PADDED, name="padded", **layout)
    ObjectFifoLink(x.cons(), fifo.prod())
    return [fifo]


SIDES = [(2, 8), (4, 2), (2, 1)]
SIDE = TensorAccessPattern((16,), 0, [2, 4, 2], [8, 2, 1])
WHOLE = TensorAccessPattern((4, 4))
FORMS = {
    "forward": (
        lambda x: [x.cons().forward(dims_to_stream=PAIRS, dims_from_stream=PAIRS)],
        lambda x: [x.cons().forward(to_stream=TAP, from_stream=TAP)],
    ),
    "forward in place": (
        lambda x: [x.cons().forward(obj_type=T, dims_to_stream=TAP)],
        lambda x: [x.cons().forward(obj_type=T, to_stream=PAIRS)],
    ),
    "split": (
        lambda x: x.cons().split(
            [0, 8], obj_types=[array(8)] * 2, dims_to_stream=[[(2, 1), (4, 2)], None]
        ),
        lambda x: x.cons().split(
            [0, 8],
            obj_types=[array(8)] * 2,
            to_stream=[TensorAccessPattern((8,), 0, [2, 4], [1, 2]), None],
        ),
    ),
    "an empty list": (
        lambda x: [x.cons().forward(dims_to_stream=[])],
        lambda x: [x.cons().forward()],
    ),
    "three dimensions": (
        lambda x: [x.cons().forward(dims_to_stream=SIDES)],
        lambda x: [x.cons().forward(to_stream=SIDE)],
    ),
    "padding": (
        lambda x: padded_by_hand(
            x, dims_to_stream=[(4, 4), (4, 1)], pad_dimensions=[(1, 1), (1, 1)]
        ),
        lambda x: padded_by_hand(x, to_stream=WHOLE.pad([(1, 1), (1, 1)])),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_lists_and_patterns_give_one_module(form):
    lists, patterns = FORMS[form]
    assert layout_text(lists) == layout_text(patterns)


def test_layouts_read_back_as_pairs():
    fifo = ObjectFifo(T, 2, "x", PAIRS, PAIRS, False)
    assert (fifo.dims_to_stream, fifo.dims_from_stream_per_cons) == (PAIRS, PAIRS)
    assert fifo.to_stream == TensorAccessPattern((16,), 0, [4, 4], [1, 4])
    assert fifo.cons().dims_from_stream == PAIRS
    assert fifo.cons(3, [(16, 1)]).dims_from_stream == [(16, 1)]
    assert fifo.cons(from_stream=TAP).from_stream is TAP
    assert ObjectFifo(T).dims_to_stream == []
    padded = ObjectFifo(array(4, 4), pad_dimensions=[(0, 1), (2, 0)]).to_stream
    assert (padded.sizes, padded.padding) == ((4, 4), ((0, 1), (2, 0)))
    assert StreamDims == PadDims


def sequence_text(transfer):
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")

    def core(source, sink):
        a, b = source.acquire(1), sink.acquire(1)
        b[0] = a[0]
        source.release(1)
        sink.release(1)

    def sequence(a, b, fill, drain):
        transfer(fill, a)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [array(4, 16), T, x.prod(), y.cons()])
    return text_of(Program(NPU1(), runtime, [Worker(core, [x.cons(), y.prod()])]))


@pytest.mark.parametrize(
    ("numbers", "tap"),
    [
        (
            {"sizes": [1, 1, 2, 16], "strides": [0, 0, 32, 1]},
            TensorAccessPattern((4, 16), 0, [1, 1, 2, 16], [0, 0, 32, 1]),
        ),
        (
            {"sizes": [2, 8], "strides": [16, 1], "offset": 8, "transfer_len": 16},
            TensorAccessPattern((4, 16), 8, [2, 8], [16, 1]),
        ),
        ({"offset": 16}, TensorAccessPattern((4, 16), 16, [48], [1])),
        ({"transfer_len": 32}, TensorAccessPattern((4, 16), 0, [32], [1])),
        (
            {"sizes": [3, 1, 1, 16], "strides": [0, 0, 0, 1], "transfer_len": 16},
            TensorAccessPattern((4, 16), 0, [3, 1, 1, 16], [0, 0, 0, 1]),
        ),
    ],
    ids=["sizes", "offset", "rest", "length", "repeated"],
)
def test_a_transfer_in_numbers(numbers, tap):
    in_numbers = sequence_text(lambda handle, tensor: handle.fill(tensor, **numbers))
    assert in_numbers == sequence_text(lambda handle, tensor: handle.fill(tensor, tap))


def test_numbers_that_do_not_fit():
    with refused(
        at="tap",
        what="ObjectFifo.fill() of ObjectFifo 'x' with tap= and with sizes=, strides=, offset= or "
        "transfer_len=",
        fix="the one or the other",
    ):
        sequence_text(lambda handle, tensor: handle.fill(tensor, TAP, offset=3))  # !tap
    with refused(
        at="length",
        what="ObjectFifo.fill() of ObjectFifo 'x' has transfer_len=5",
        because="sizes [2, 8] move 16 elements in one run",
        fix="sizes= and strides= alone",
    ):
        sequence_text(
            lambda handle, tensor: handle.fill(  # !length
                tensor, sizes=[2, 8], strides=[8, 1], transfer_len=5
            )
        )
    with refused(
        at="nothing",
        what="ObjectFifo.fill() of ObjectFifo 'x' of no tensor",
        fix="a tensor of the sequence",
    ):
        sequence_text(lambda handle, tensor: handle.fill(None, offset=5))  # !nothing


def test_steps_from_run_to_run():
    assert BdIteration(4, 16).attribute() == BdIteration(4, 16, 0).attribute()
    with refused(
        at="steps",
        what="BdIteration(size=4, stride=16, current=4)",
        because="size is 1 or more, stride not negative, current below size",
    ):
        BdIteration(4, 16, current=4)  # !steps
    from ironbird.iron import Buffer

    buffer = Buffer(np.ndarray[(16,), np.dtype[np.int32]], name="b")
    assert Bd(buffer, iteration=BdIteration(2, 8)).iteration == BdIteration(2, 8)
