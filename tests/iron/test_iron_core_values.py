"""Python operators in core code, what each emits or refuses: long as a table of operators is."""

# ruff: noqa: E501 (lines of MLIR are quoted whole)

import math

import ml_dtypes
import numpy as np
import pytest
from iron_programs import core_lines, refused, text_of, through_one_core

from ironbird.base.errors import DesignError
from ironbird.iron import core_arith as arith
from ironbird.iron.controlflow import else_, if_, range_, yield_

# Python, and the operation it emits on %4 and %5 of the element type.
INTEGER_OPERATORS = [
    (lambda x, y: x + y, "arith.addi"),
    (lambda x, y: x - y, "arith.subi"),
    (lambda x, y: x * y, "arith.muli"),
    (lambda x, y: x / y, "arith.divsi"),
    (lambda x, y: x // y, "arith.floordivsi"),
    (lambda x, y: x % y, "arith.remsi"),
    (lambda x, y: x & y, "arith.andi"),
    (lambda x, y: x | y, "arith.ori"),
    (lambda x, y: x ^ y, "arith.xori"),
    (lambda x, y: x << y, "arith.shli"),
    (lambda x, y: x >> y, "arith.shrsi"),
]
FLOAT_OPERATORS = [
    (lambda x, y: x + y, "arith.addf"),
    (lambda x, y: x - y, "arith.subf"),
    (lambda x, y: x * y, "arith.mulf"),
    (lambda x, y: x / y, "arith.divf"),
]
COMPARISONS = [
    (lambda x, y: x < y, "slt", "olt"),
    (lambda x, y: x <= y, "sle", "ole"),
    (lambda x, y: x > y, "sgt", "ogt"),
    (lambda x, y: x >= y, "sge", "oge"),
    (lambda x, y: x == y, "eq", "oeq"),
    (lambda x, y: x != y, "ne", "une"),
]


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64])
@pytest.mark.parametrize(("operator", "name"), INTEGER_OPERATORS, ids=lambda each: str(each)[:20])
def test_integer_operators(operator, name, dtype):
    def compute(a, b):
        b[0] = operator(a[0], a[1])

    mlir = f"i{np.dtype(dtype).itemsize * 8}"
    assert core_lines(compute, dtype=dtype) == [
        f"%4 = memref.load %1[%c0] : memref<16x{mlir}>",
        f"%5 = memref.load %1[%c1] : memref<16x{mlir}>",
        f"%6 = {name} %4, %5 : {mlir}",
        f"memref.store %6, %3[%c0] : memref<16x{mlir}>",
    ]


@pytest.mark.parametrize(
    ("dtype", "mlir"),
    [(np.float16, "f16"), (ml_dtypes.bfloat16, "bf16"), (np.float32, "f32"), (np.float64, "f64")],
)
@pytest.mark.parametrize(("operator", "name"), FLOAT_OPERATORS, ids=lambda each: str(each)[:20])
def test_float_operators(operator, name, dtype, mlir):
    def compute(a, b):
        b[0] = operator(a[0], a[1])

    assert core_lines(compute, dtype=dtype)[2:] == [
        f"%6 = {name} %4, %5 : {mlir}",
        f"memref.store %6, %3[%c0] : memref<16x{mlir}>",
    ]


@pytest.mark.parametrize(
    ("operator", "signed", "ordered"), COMPARISONS, ids=lambda each: str(each)[:20]
)
def test_comparisons(operator, signed, ordered):
    def compute(a, b):
        with if_(operator(a[0], a[1])):
            b[0] = a[0]

    assert f"%6 = arith.cmpi {signed}, %4, %5 : i32" in core_lines(compute)
    assert f"%6 = arith.cmpf {ordered}, %4, %5 : f32" in core_lines(compute, dtype=np.float32)


def test_numbers_take_the_type_of_the_other_side():
    def compute(a, b):
        b[0] = 3 - a[0] * 2
        b[1] = -a[1]

    assert core_lines(compute, dtype=np.float32) == [
        "%4 = memref.load %1[%c0] : memref<16xf32>",
        "%cst = arith.constant 2.000000e+00 : f32",
        "%5 = arith.mulf %4, %cst : f32",
        "%cst = arith.constant 3.000000e+00 : f32",
        "%6 = arith.subf %cst, %5 : f32",
        "memref.store %6, %3[%c0] : memref<16xf32>",
        "%7 = memref.load %1[%c1] : memref<16xf32>",
        "%8 = arith.negf %7 : f32",
        "memref.store %8, %3[%c1] : memref<16xf32>",
    ]


def test_numpy_numbers_on_either_side():
    def compute(a, b):
        b[0] = np.int32(3) - a[0] * np.int64(2)

    assert core_lines(compute) == [
        "%4 = memref.load %1[%c0] : memref<16xi32>",
        "%c2_i32 = arith.constant 2 : i32",
        "%5 = arith.muli %4, %c2_i32 : i32",
        "%c3_i32 = arith.constant 3 : i32",
        "%6 = arith.subi %c3_i32, %5 : i32",
        "memref.store %6, %3[%c0] : memref<16xi32>",
    ]


def test_what_upstream_lacks():
    def compute(a, b):
        b[0] = -a[0]
        b[1] = ~a[1]
        b[2] = abs(a[2])
        b[3] = +a[3]

    emitted = [line.split(" = ")[1].split(" ")[0] for line in core_lines(compute) if " = " in line]
    assert emitted == [
        "memref.load",
        "arith.constant",
        "arith.subi",
        "memref.load",
        "arith.constant",
        "arith.xori",
        "memref.load",
        "math.absi",
        "memref.load",
    ]


def test_loop_counters_are_cast_where_they_meet_elements():
    def compute(a, b):
        for i in range_(1, 15, 2):
            b[i] = a[i - 1] + i
            b[15 - i] = i

    assert core_lines(compute) == [
        "scf.for %arg0 = %c1 to %c15 step %c2 {",
        "%4 = arith.subi %arg0, %c1 : index",
        "%5 = memref.load %1[%4] : memref<16xi32>",
        "%6 = arith.index_cast %arg0 : index to i32",
        "%7 = arith.addi %5, %6 : i32",
        "memref.store %7, %3[%arg0] : memref<16xi32>",
        "%8 = arith.subi %c15, %arg0 : index",
        "%9 = arith.index_cast %arg0 : index to i32",
        "memref.store %9, %3[%8] : memref<16xi32>",
        "}",
    ]


def test_branches():
    def compute(a, b):
        with if_(a[0] > 0) as branch:
            b[0] = 1
        with else_(branch):
            b[0] = 2

    assert core_lines(compute) == [
        "%4 = memref.load %1[%c0] : memref<16xi32>",
        "%c0_i32 = arith.constant 0 : i32",
        "%5 = arith.cmpi sgt, %4, %c0_i32 : i32",
        "scf.if %5 {",
        "%c1_i32 = arith.constant 1 : i32",
        "memref.store %c1_i32, %3[%c0] : memref<16xi32>",
        "} else {",
        "%c2_i32 = arith.constant 2 : i32",
        "memref.store %c2_i32, %3[%c0] : memref<16xi32>",
        "}",
    ]


def test_a_loop_carries_values():
    def compute(a, b):
        for i, total, result in range_(16, iter_args=[arith.constant(0, np.int32)]):  # noqa: B007
            yield_([total + a[i]])
        b[0] = result

    assert core_lines(compute) == [
        "%c0_i32 = arith.constant 0 : i32",
        "%4 = scf.for %arg0 = %c0 to %c16 step %c1 iter_args(%arg1 = %c0_i32) -> (i32) {",
        "%5 = memref.load %1[%arg0] : memref<16xi32>",
        "%6 = arith.addi %arg1, %5 : i32",
        "scf.yield %6 : i32",
        "}",
        "memref.store %4, %3[%c0] : memref<16xi32>",
    ]


def test_a_loop_carries_two_values():
    def compute(a, b):
        zero = arith.constant(0, np.int32)
        for i, (low, high), both in range_(16, iter_args=[zero, zero]):  # noqa: B007
            yield_([arith.minsi(low, a[i]), arith.maxsi(high, a[i])])
        b[0], b[1] = both

    lines = core_lines(compute)
    assert "scf.yield %6, %8 : i32, i32" in lines
    assert "memref.store %4#0, %3[%c0] : memref<16xi32>" in lines


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


CASTS = [
    (np.int32, np.int16, lambda v: arith.trunci(v, np.int16), "arith.trunci %4 : i32 to i16"),
    (np.int8, np.int32, lambda v: arith.extsi(np.int32, v), "arith.extsi %4 : i8 to i32"),
    (np.int8, np.int32, lambda v: arith.extui("i32", v), "arith.extui %4 : i8 to i32"),
    (np.int32, np.float32, lambda v: arith.sitofp(np.float32, v), "arith.sitofp %4 : i32 to f32"),
    (np.float32, np.int32, lambda v: arith.fptosi(v, np.int32), "arith.fptosi %4 : f32 to i32"),
    (np.float32, np.int32, lambda v: arith.bitcast(v, np.int32), "arith.bitcast %4 : f32 to i32"),
    (
        ml_dtypes.bfloat16,
        np.float32,
        lambda v: arith.extf(np.float32, v),
        "arith.extf %4 : bf16 to f32",
    ),
    (
        np.float32,
        ml_dtypes.bfloat16,
        lambda v: arith.truncf(ml_dtypes.bfloat16, v),
        "arith.truncf %4 : f32 to bf16",
    ),
]


@pytest.mark.parametrize(
    ("source", "target", "cast", "line"), CASTS, ids=[line for *_, line in CASTS]
)
def test_casts(source, target, cast, line):
    def compute(a, b):
        made = cast(a[0])
        assert made.dtype == np.dtype(target)

    assert core_lines(compute, dtype=source)[1] == f"%5 = {line}"


def test_select_minimum_and_maximum():
    def compute(a, b):
        b[0] = arith.select(a[0] < a[1], a[0], 7)
        b[1] = arith.maximumf(a[2], 0.0)

    lines = core_lines(compute, dtype=np.float32)
    assert "%8 = arith.select %6, %7, %cst : f32" in lines
    assert "%10 = arith.maximumf %9, %cst : f32" in lines


def refuse(compute, dtype=np.int32, shape=(16,)):
    core_lines(compute, dtype=dtype, shape=shape)


NEEDED_NOW = {
    "what": "a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a core value",
    "because": "the core computes it later; while the function is traced there is no answer",
    "fix": "`with if_(condition):` and `with else_(...):`, `&` and `|` for conditions, "
    "arith.minsi / maxsi / select for numbers",
}


def test_a_python_if_is_refused():
    def compute(a, b):
        if a[0] > 0:  # !if
            b[0] = 1

    with refused(at="if", **NEEDED_NOW):
        refuse(compute)


def test_a_python_while_is_refused():
    def compute(a, b):
        while a[0] > 0:  # !while
            b[0] = 1

    with refused(at="while", **NEEDED_NOW):
        refuse(compute)


def test_min_and_max_are_refused():
    def compute(a, b):
        b[0] = max(a[0], a[1])  # !max

    with refused(at="max", **NEEDED_NOW):
        refuse(compute)


def test_and_between_conditions_is_refused():
    def compute(a, b):
        with if_((a[0] > 0) and (a[1] > 0)):  # !and
            b[0] = 1

    with refused(at="and", **NEEDED_NOW):
        refuse(compute)


def test_conditions_join_with_the_bit_operators():
    def compute(a, b):
        with if_((a[0] > 0) & ~(a[1] > 0)):
            b[0] = 1

    lines = core_lines(compute)
    assert "%true = arith.constant true" in lines
    assert any(line.startswith("%8 = arith.xori %7, %true : i1") for line in lines)


def test_range_of_a_core_value_is_refused():
    def compute(a, b):
        for _ in range(a[0]):  # !range
            b[0] = 1

    with refused(
        at="range",
        what="range() or an index into a Python list of a core value",
        because="the core computes it later; while the function is traced there is no number",
        fix="range_(value)",
    ):
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
        what="float() of a core value",
        because="the core computes it later; while the function is traced there is no number",
        fix="arith.sitofp(value, T)",
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


def test_unsigned_elements_can_be_moved():
    def move(a, b):
        b[0] = a[1]

    assert core_lines(move, dtype=np.uint8) == [
        "%4 = memref.load %1[%c1] : memref<16xui8>",
        "memref.store %4, %3[%c0] : memref<16xui8>",
    ]


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
            lambda v: v % 2.0,
            np.float32,
            "`%` on f32 values",
            "cores have no remainder of floats",
            "a C++ kernel",
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
    ids=["power", "floor", "remainder", "shift", "list", "zero"],
)
def test_operators_that_do_not_exist(operator, dtype, what, because, fix):
    with pytest.raises(DesignError) as refusal:
        refuse(lambda a, b: operator(a[0]), dtype=dtype)
    assert (refusal.value.what, refusal.value.because, refusal.value.fix) == (what, because, fix)


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


@pytest.mark.parametrize(
    ("operate", "name"),
    [
        (lambda x: np.int32(3) + x, "arith.addi"),
        (lambda x: np.int32(3) - x, "arith.subi"),
        (lambda x: np.multiply(x, 3), "arith.muli"),
        (lambda x: np.int32(3) & x, "arith.andi"),
    ],
)
def test_a_numpy_number_beside_a_core_value_is_a_constant(operate, name):
    def compute(a, b):
        b[0] = operate(a[0])

    lines = core_lines(compute)
    assert sum(f"= {name} " in line for line in lines) == 1


def test_a_numpy_number_compared_with_a_core_value():
    def compute(a, b):
        with if_(np.int32(3) < a[0], hasElse=False):
            b[0] = 1

    assert sum("arith.cmpi slt" in line for line in core_lines(compute)) == 1


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


def test_a_value_used_after_its_loop_is_refused():
    def compute(a, b):
        for i in range_(16):  # !loop
            last = a[i] + 1
        b[0] = last  # !after

    with refused(
        at="after",
        what="a value computed inside `range_` is used after it",
        because="the `range_` at <loop> has ended, and its values with it",
        fix="carry the value with iter_args, or store it in a Buffer or an object of a fifo",
    ):
        refuse(compute)


@pytest.mark.parametrize("step", [0, -1, np.int32(-2)])
def test_a_loop_that_does_not_count_upwards_is_refused(step):
    def compute(a, b):
        for i in range_(15, 0, step):  # !down
            b[i] = a[i]

    with refused(
        at="down",
        what=f"`range_` with the step {step}",
        because="a loop of the core counts upwards, by 1 at least (scf.for)",
        fix="count upwards, and index with the last number less the counter",
    ):
        refuse(compute)


def test_break_is_refused():
    def compute(a, b):
        for i in range_(16):  # !broken
            b[i] = a[i]
            break

    with refused(
        at="broken",
        what="`range_` in the core function 'core_fn' was left before its end",
        because="break, return or an exception inside it ends the tracing, not the loop",
        fix="a condition with if_ inside the body of range_",
    ):
        refuse(compute)


def test_break_from_an_inner_loop_is_refused():
    def compute(a, b):
        for i in range_(4):
            for j in range_(4):  # !inner
                b[i] = a[j]
                break

    with refused(
        at="inner",
        what="`range_` in the core function 'core_fn' was left before its end",
        because="break, return or an exception inside it ends the tracing, not the loop",
        fix="a condition with if_ inside the body of range_",
    ):
        refuse(compute)


def test_a_loop_that_carries_without_yield_is_refused():
    def compute(a, b):
        for i, _total, _sums in range_(16, iter_args=[a[0]]):  # !no_yield
            b[i] = a[i]

    with refused(
        at="no_yield",
        what="a loop that carries 1 values ends without yield_",
        fix="yield_([...]) as the last statement of the body",
    ):
        refuse(compute)


def test_a_yield_of_another_type_is_refused():
    def compute(a, b):
        for i, _total, _sums in range_(16, iter_args=[a[0]]):  # !yield_type
            yield_([i])

    with refused(at="yield_type", what="yield_ of (index) in a body that carries (i32)"):
        refuse(compute)


def test_a_python_number_cannot_be_carried():
    def compute(a, b):
        for _ in range_(16, iter_args=[0]):  # !carried
            pass

    with refused(
        at="carried",
        what="a loop that carries a value of type int",
        because="a carried value needs a type, which a Python number does not have",
        fix="arith.constant(0, np.int32) from aie.extras.dialects.arith, or an element of a buffer",
    ):
        refuse(compute)


def test_an_else_elsewhere_is_refused():
    def compute(a, b):
        with if_(a[0] > 0) as branch:  # !its_if
            b[0] = 1
        for _ in range_(2):
            with else_(branch):  # !elsewhere
                b[0] = 2

    with refused(
        at="elsewhere",
        what="else_ in another loop or branch than its if_",
        because="the if_ is at <its_if>",
        fix="`with else_(branch):` directly behind the body of its if_",
    ):
        refuse(compute)

    def twice(a, b):
        with if_(a[0] > 0) as branch:  # !one_if
            b[0] = 1
        for value in (2, 3):
            with else_(branch):  # !second_else
                b[0] = value

    with refused(
        at="second_else",
        what="a second else_ for one if_",
        because="the if_ is at <one_if>",
    ):
        refuse(twice)


def test_core_code_outside_of_a_program_is_refused():
    with refused(
        at="nowhere",
        what="range_ outside of a core function or a sequence",
        because="it makes an operation of the program, and no program is being built here",
        fix="call it in the function given to Worker(...) or Runtime(...)",
    ):
        range_(4)  # !nowhere


def test_plain_python_loops_and_branches_are_unrolled():
    def core_fn(source, sink):
        for step in range(2):
            a, b = source.acquire(1), sink.acquire(1)
            if step == 1:
                b[0] = a[0]
            source.release(1)
            sink.release(1)

    text = text_of(through_one_core(core_fn))
    assert text.count("objectfifo.acquire @x") == 2
    assert text.count("memref.store") == 1
