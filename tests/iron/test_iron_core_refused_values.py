"""Computations with core values that are refused, with whole messages."""

import math

import numpy as np
import pytest
from iron_programs import core_lines, refused

from ironbird.base.errors import DesignError
from ironbird.iron import core_arith as arith


def refuse(compute, dtype=np.int32, shape=(16,)):
    core_lines(compute, dtype=dtype, shape=shape)


NEEDED_NOW = {
    "what": "a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a core value",
    "because": "the core computes it later; while the function is traced there is no answer",
    "fix": "`with if_(condition):` and `with else_(...):`, `&` and `|` for conditions, "
    "arith.minsi / maxsi / select for numbers",
}


def test_min_and_max_are_refused():
    def compute(a, b):
        b[0] = max(a[0], a[1])  # !max

    with refused(at="max", **NEEDED_NOW):
        refuse(compute)


def test_int_and_float_of_a_core_value_are_refused():
    def whole(a, b):
        b[0] = int(a[0])  # !int

    with refused(
        at="int",
        what="int() of a core value",
        because="the core computes it later; while the function is traced there is no number",
        fix="arith.fptosi(value, T) or arith.index_cast(value, to=T)",
    ):
        refuse(whole)

    def real(a, b):
        b[0] = math.sqrt(a[0])  # !sqrt

    with refused(
        at="sqrt",
        what="float(), or a function of Python's math, of a core value",
        because="the core computes it later; while the function is traced there is no number",
        fix="arith.sitofp(value, T), or that function of aie.dialects.math",
    ):
        refuse(real, dtype=np.float32)


def test_a_float_literal_in_an_integer_is_refused():
    def store(a, b):
        b[0] = 1.5  # !store_float

    with refused(
        at="store_float",
        what="a store into a buffer of 16xi32 takes i32, not the float 1.5",
        fix="1, or a float element type",
    ):
        refuse(store)

    def add(a, b):
        b[0] = a[0] + 0.5  # !add_float

    with refused(
        at="add_float", what="`+` takes i32, not the float 0.5", fix="0, or a float element type"
    ):
        refuse(add)


def test_a_literal_that_does_not_fit_is_refused():
    def store(a, b):
        b[0] = 300  # !too_large

    with refused(
        at="too_large",
        what="a store into a buffer of 16xi8 takes i8, and 300 does not fit",
        because="i8 holds -128 to 127",
    ):
        refuse(store, dtype=np.int8)


def test_arithmetic_on_unsigned_elements_is_refused():
    def add(a, b):
        b[0] = a[0] + 1  # !unsigned

    with refused(
        at="unsigned",
        what="`+` on the unsigned type ui8",
        because="a core can only move unsigned elements; mlir's arith operations are signless",
        fix="i8 elements, or a C++ kernel",
    ):
        refuse(add, dtype=np.uint8)


def test_mixed_types_are_refused_with_the_cast_to_write():
    def add(a, b):
        b[0] = a[0] + arith.trunci(a[1], np.int16)  # !mixed

    with refused(
        at="mixed",
        what="`+` between i32 and i16",
        because="both sides of a core operation have one type",
        fix="a cast from aie.extras.dialects.arith: trunci or extsi",
    ):
        refuse(add)

    def store(a, b):
        b[0] = arith.trunci(a[1], np.int16)  # !store_mixed

    with refused(
        at="store_mixed",
        what="a store into a buffer of 16xi32 takes i32, not i16",
        fix="a cast from aie.extras.dialects.arith: extsi",
    ):
        refuse(store)


@pytest.mark.parametrize(
    ("operator", "what", "fix"),
    [
        (round, "round()", "roundeven(value) of aie.dialects.math"),
        (math.floor, "math.floor()", "floor(value) of aie.dialects.math"),
        (math.ceil, "math.ceil()", "ceil(value) of aie.dialects.math"),
        (math.trunc, "math.trunc()", "trunc(value) of aie.dialects.math"),
        (complex, "complex()", "two values, one for each part"),
        (
            lambda v: divmod(v, 2),
            "divmod()",
            "`/` and `%`, which both truncate towards zero",
        ),
        (lambda v: 3 in v, "a Python loop over, or `in`", "for i in range_(value)"),
        (list, "a Python loop over, or `in`", "for i in range_(value)"),
        (
            lambda v: np.array([v, 1]),
            "a numpy array or function",
            "Python's operators, or aie.dialects.arith and math",
        ),
        (lambda v: f"{v:d}", "the text 'd'", "a print of the result on the host"),
    ],
    ids=["round", "floor", "ceil", "trunc", "complex", "divmod", "in", "list", "array", "format"],
)
def test_what_needs_the_number_now_is_refused(operator, what, fix):
    with pytest.raises(DesignError) as refusal:
        refuse(lambda a, b: operator(a[0]))
    assert (refusal.value.what, refusal.value.because, refusal.value.fix) == (
        f"{what} of a core value",
        "the core computes it later; while the function is traced there is no number",
        fix,
    )


def test_a_number_has_no_elements():
    def element(a, b):
        b[0] = a[0][1]  # !element

    with refused(
        at="element",
        what="an index into one number of a core",
        because="it is not a buffer",
        fix="the index on the buffer that it was loaded from",
    ):
        refuse(element)


def test_a_python_loop_that_never_ends():
    def endless(a, b):
        while True:
            b[0] = a[0]  # !endless

    with refused(
        at="endless",
        what="the core function 'core_fn' emits more than 50000 operations",
        because="a Python loop runs while the function is traced, each turn as operations of its "
        "own; a core's memory holds 1024 instructions",
        fix="range_ in the place of a Python `while` or `for`",
    ):
        refuse(endless)


@pytest.mark.parametrize(
    ("operator", "dtype", "what", "because", "fix"),
    [
        (
            lambda v: v**2,
            np.int32,
            "`**` on i32 values",
            "cores have no power",
            "`x * x`, or a C++ kernel",
        ),
        (
            lambda v: v // 2.0,
            np.float32,
            "`//` on f32 values",
            "floor division is defined for integers",
            "`/`",
        ),
        (
            lambda v: v << 1,
            np.float32,
            "`<<` on f32 values",
            "bit operations are defined for integers",
            "an integer element type",
        ),
        (
            lambda v: v + [1],  # noqa: RUF005
            np.int32,
            "`+` between a core value and a list",
            "core code computes with single elements",
            "one element, such as buffer[i]",
        ),
        (lambda v: v / 0, np.int32, "`/` of a core value by 0", None, None),
    ],
    ids=["power", "floor", "shift", "list", "zero"],
)
def test_operators_that_do_not_exist(operator, dtype, what, because, fix):
    with pytest.raises(DesignError) as refusal:
        refuse(lambda a, b: operator(a[0]), dtype=dtype)
    assert (refusal.value.what, refusal.value.because, refusal.value.fix) == (what, because, fix)


def test_a_numpy_function_of_core_values_is_refused():
    def largest(a, b):
        b[0] = np.maximum(a[0], 3)  # !maximum

    with refused(
        at="maximum",
        what="np.maximum() of a core value",
        because="the core computes it later; while the function is traced there is no number",
        fix="Python's operators, aie.extras.dialects.arith (maxsi, minsi, select), or a C++ kernel",
    ):
        refuse(largest)

    def total(a, b):
        b[0] = np.sum(a)  # !total

    with refused(
        at="total",
        what="np.add() on a whole buffer of 16xi32",
        because="a core computes one element at a time",
        fix="for i in range_(16): and buffer[i], or a C++ kernel",
    ):
        refuse(total)


def test_the_text_of_a_core_value_with_a_form_is_refused():
    def compute(a, b):
        assert f"{a[0]}" == "<i32 value of a core>"
        print(f"{a[0]:4d}")  # !form

    with refused(
        at="form",
        what="the text '4d' of a core value",
        because="the core computes it later; while the function is traced there is no number",
        fix="a print of the result on the host",
    ):
        refuse(compute)
