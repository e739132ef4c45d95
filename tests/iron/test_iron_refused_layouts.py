"""Refusals of layouts and links, with whole messages."""

import numpy as np
from iron_programs import T, array, move, refused, resolve

from ironbird.iron import (
    ObjectFifo,
    Worker,
)
from ironbird.iron.device import Tile
from ironbird.iron.object_fifo_link import ObjectFifoLink
from ironbird.iron.taplib import TensorAccessPattern


def test_a_layout_that_misses_elements():
    half = TensorAccessPattern((16,), 0, [8], [1])
    x, y = ObjectFifo(T, name="x", to_stream=half), ObjectFifo(T, name="y")  # !half
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="half",
        what="to_stream of ObjectFifo 'x' visits 8 elements",
        because="an object of 16xi32 has 16",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_a_sub_word_stride_is_refused_where_it_is_written():
    small = array(64, dtype=np.int16)
    transpose = TensorAccessPattern((8, 8), 0, [8, 8], [1, 8])
    x, y = ObjectFifo(small, name="x"), ObjectFifo(small, name="y")
    passed_on = x.cons().forward(obj_type=small, to_stream=transpose)  # !sub_word
    worker = Worker(move, [passed_on.cons(), y.prod()])
    with refused(
        at="sub_word",
        what="to_stream of ObjectFifo 'x_fwd' is not one buffer descriptor",
        because="innermost stride is 8; elements of 2 bytes need 1 (i16 elements, sizes [8, 8], "
        "strides [1, 8])",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [small, small, x.prod(), y.cons()],
        )


def test_padding_elsewhere_than_on_a_memory_tile():
    padded = TensorAccessPattern((2, 4), 0, [2, 4], [4, 1]).pad([(0, 0), (2, 2)])
    x, y = ObjectFifo(T, name="x", to_stream=padded), ObjectFifo(T, name="y")  # !pads
    worker = Worker(move, [x.cons(), y.prod()])
    with refused(
        at="pads",
        what="ObjectFifo 'x' pads on its way from Tile<ShimNOCTile>(?, ?)",
        because="only memory tiles add zeros",
        fix="cons().forward(obj_type=padded, to_stream=tap.pad(...))",
    ):
        resolve(
            [worker],
            lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
            [T, T, x.prod(), y.cons()],
        )


def test_initial_values_of_another_shape_or_number():
    for values, what, because in (
        (
            [np.zeros(16, np.int32)],
            "ObjectFifo 'x' starts with 1 objects",
            "its producer's ring holds 2, and each has an initial value",
        ),
        (
            [np.zeros(16, np.int32), np.zeros(8, np.int32)],
            "ObjectFifo 'x' of 16xi32 starts with a int32 array of shape (8,)",
            "shape and dtype must be those of one object",
        ),
    ):
        x, y = ObjectFifo(T, name="x", init_values=values), ObjectFifo(T, name="y")  # !born
        worker = Worker(move, [x.cons(), y.prod()])
        with refused(at="born", what=what, because=because):
            resolve(
                [worker],
                lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
                [T, T, x.prod(), y.cons()],
            )


def test_links_from_the_wrong_handle():
    x = ObjectFifo(T, name="x")
    for call, verb, fix, other in (
        (lambda: x.prod().forward(), "forward", "cons().forward(...)", "prod"),  # !forward
        (lambda: x.prod().split([0]), "split", "cons().split(...), or join", "prod"),  # !split
    ):
        with refused(
            at=verb,
            what=f"Cannot {verb} a {other} ObjectFifoHandle",
            because="only what ObjectFifo 'x' delivers can be passed on",
            fix=fix,
        ):
            call()
    with refused(
        at="join",
        what="Cannot join a cons ObjectFifoHandle",
        because="parts are joined into what ObjectFifo 'x' is given",
        fix="prod().join(...), or split",
    ):
        x.cons().join([0])  # !join


def test_parts_that_keep_the_type_of_the_whole():
    x = ObjectFifo(array(128), name="x")
    with refused(
        at="parts",
        what="part 0 of the split of ObjectFifo 'x' has 128 elements",
        because="offsets [0, 64] of 128 leave it 64",
        fix="obj_types=[...], one type for each part",
    ):
        x.cons().split([0, 64])  # !parts


def test_offsets_that_are_no_parts():
    x = ObjectFifo(array(128), name="x")
    for offsets in ([64, 0], [8, 64], [0, 128]):
        with refused(
            at="offsets",
            what=f"split of ObjectFifo 'x' at offsets {offsets}",
            because="offsets start at 0, grow, and stay below the 128 elements of an object",
        ):
            x.cons().split(offsets, obj_types=[array(64), array(64)])  # !offsets


def test_lists_of_another_length_than_the_parts():
    x = ObjectFifo(array(128), name="x")
    with refused(
        at="entries",
        what="names has 1 entries for 2 parts",
        because="there is one entry for each offset",
    ):
        x.cons().split([0, 64], obj_types=[array(64)] * 2, names=["a"])  # !entries
    tap = TensorAccessPattern((64,), 0, [64], [1])
    with refused(
        at="one_tap",
        what="to_stream is one TensorAccessPattern for 2 parts",
        because="there is one entry for each offset",
    ):
        x.cons().split([0, 64], obj_types=[array(64)] * 2, to_stream=tap)  # !one_tap


def test_links_of_many_to_many():
    fifos = [ObjectFifo(T) for _ in range(4)]
    with refused(
        at="many",
        what="a link of 2 sources and 2 destinations",
        because="one side has one fifo, the other one or more",
    ):
        ObjectFifoLink(  # !many
            [fifos[0].cons(), fifos[1].cons()], [fifos[2].prod(), fifos[3].prod()]
        )


def test_a_split_on_a_core_tile():
    x = ObjectFifo(array(128), name="x")
    with refused(
        at="core_split",
        what="the link made at <core_split> cannot stand on Tile<CoreTile>(0, 2)",
        because="it needs a MemTile",
    ):
        x.cons().split([0, 64], Tile(0, 2), obj_types=[array(64)] * 2)  # !core_split
