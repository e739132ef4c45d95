"""Python operators in core code, and what each emits."""

import ml_dtypes
import numpy as np
import pytest
from iron_programs import core_lines

from ironbird.iron import core_arith as arith
from ironbird.iron.controlflow import if_, range_

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
