"""Elements, slices and whole buffers in core code."""

# ruff: noqa: E501 (lines of MLIR are quoted whole)

# ruff: noqa: E501 (lines of MLIR are quoted whole)
import numpy as np
import pytest
from iron_programs import core_lines, refused

from ironbird.base.errors import DesignError
from ironbird.iron.controlflow import range_


def test_slices_are_views():
    def compute(a, b):
        row = a[2]
        b[0, 0] = row[0, 3]
        part = a[1:3, 2:8:2]
        b[1, 1] = part[1, 1]
        for i in range_(4):
            moving = a[i]
            b[i, 0] = moving[0, 0]

    views = [line for line in core_lines(compute, shape=(4, 8)) if "memref.subview" in line]
    assert views == [
        "%subview = memref.subview %1[2, 0] [1, 8] [1, 1] : memref<4x8xi32> to memref<1x8xi32, strided<[8, 1], offset: 16>>",
        "%subview = memref.subview %1[1, 2] [2, 3] [1, 2] : memref<4x8xi32> to memref<2x3xi32, strided<[8, 2], offset: 10>>",
        "%subview = memref.subview %1[%arg0, 0] [1, 8] [1, 1] : memref<4x8xi32> to memref<1x8xi32, strided<[8, 1], offset: ?>>",
    ]


def refuse(compute, dtype=np.int32, shape=(16,)):
    core_lines(compute, dtype=dtype, shape=shape)


def test_unsigned_elements_can_be_moved():
    def move(a, b):
        b[0] = a[1]

    assert core_lines(move, dtype=np.uint8) == [
        "%4 = memref.load %1[%c1] : memref<16xui8>",
        "memref.store %4, %3[%c0] : memref<16xui8>",
    ]


def test_an_index_outside_the_buffer_is_refused():
    def compute(a, b):
        b[16] = a[0]  # !outside

    with refused(
        at="outside",
        what="index 16 into axis 0 of a buffer of 16xi32",
        because="the axis holds elements 0 to 15",
    ):
        refuse(compute)

    def negative(a, b):
        b[-1] = a[0]  # !negative

    with refused(
        at="negative",
        what="index -1 into axis 0 of a buffer of 16xi32",
        because="the axis holds elements 0 to 15",
    ):
        refuse(negative)


def test_too_many_indices_are_refused():
    def compute(a, b):
        b[0] = a[0, 0]  # !rank

    with refused(at="rank", what="2 indices into a buffer of 16xi32", because="it has 1 axes"):
        refuse(compute)


def test_a_store_into_a_slice_is_refused():
    def compute(a, b):
        b[0:2] = a[0]  # !slice_store

    with refused(
        at="slice_store",
        what="a store into a slice of a buffer",
        because="a core stores one element at a time",
        fix="for i in range_(16): buffer[i] = ...",
    ):
        refuse(compute)


def test_a_whole_buffer_is_no_number():
    def store(a, b):
        b[0] = a  # !store_buffer

    with refused(
        at="store_buffer",
        what="a store into a buffer of 16xi32 takes a number, not a buffer of 16xi32",
        because="its type is i32",
    ):
        refuse(store)

    def add(a, b):
        b[0] = a[0] + a  # !add_buffer

    with refused(
        at="add_buffer",
        what="`+` between a core value and a buffer of 16xi32",
        because="core code computes with single elements",
        fix="one element, such as buffer[i]",
    ):
        refuse(add)


def test_a_python_loop_over_a_buffer_is_refused():
    def compute(a, b):
        for value in a:  # !iterate
            b[0] = value

    with refused(
        at="iterate",
        what="a Python loop over a buffer in core code",
        because="its elements are known only to the core",
        fix="for i in range_(16)",
    ):
        refuse(compute)


@pytest.mark.parametrize(
    ("symbol", "operate"),
    [
        ("+", lambda a: a + 1),
        ("+", lambda a: 1 + a),
        ("-", lambda a: a - a),
        ("*", lambda a: a * 2),
        ("/", lambda a: a / 2),
        ("//", lambda a: a // 2),
        ("%", lambda a: a % 2),
        ("&", lambda a: a & 1),
        ("|", lambda a: a | 1),
        ("^", lambda a: a ^ 1),
        ("<<", lambda a: a << 1),
        (">>", lambda a: a >> 1),
        ("**", lambda a: a**2),
        ("@", lambda a: a @ a),
        ("-", lambda a: -a),
        ("abs()", abs),
        ("<", lambda a: a < 1),
        ("<=", lambda a: a <= 1),
        (">", lambda a: a > 1),
        (">=", lambda a: a >= 1),
        ("int()", int),
        ("+", lambda a: a + np.ones(8)),
        ("float()", float),
    ],
)
def test_an_operator_on_a_whole_buffer_is_refused(symbol, operate):
    with pytest.raises(DesignError) as refusal:
        refuse(lambda a, b: operate(a), shape=(4, 8))
    assert refusal.value.what == f"`{symbol}` on a whole buffer of 4x8xi32"
    assert refusal.value.because == "a core computes one element at a time"
    assert refusal.value.fix == "for i in range_(4): and buffer[i, j], or a C++ kernel"
