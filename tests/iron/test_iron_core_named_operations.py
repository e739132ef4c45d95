"""The operations of arith and math by name, and branches that yield values."""

import numpy as np
import pytest
from iron_programs import core_lines, refused, text_of, through_one_core
from xdsl.dialects.builtin import IntegerType

from ironbird.base.errors import DesignError
from ironbird.iron import core_arith as arith
from ironbird.iron import core_math as math
from ironbird.iron.controlflow import else_, if_, yield_

INTEGERS = [
    "addi",
    "subi",
    "muli",
    "divsi",
    "divui",
    "remsi",
    "remui",
    "floordivsi",
    "ceildivsi",
    "ceildivui",
    "andi",
    "ori",
    "xori",
    "shli",
    "shrsi",
    "shrui",
    "minsi",
    "maxsi",
    "minui",
    "maxui",
]
FLOATS = ["addf", "subf", "mulf", "divf", "remf", "minimumf", "maximumf", "minnumf", "maxnumf"]
MATH = [
    "absf",
    "atan",
    "ceil",
    "cos",
    "erf",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "log",
    "log10",
    "log1p",
    "log2",
    "round",
    "roundeven",
    "rsqrt",
    "sin",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
]


@pytest.mark.parametrize("name", INTEGERS)
def test_named_integer_operations(name):
    def compute(a, b):
        b[0] = getattr(arith, name)(a[0], a[1])

    assert f"%6 = arith.{name} %4, %5 : i32" in core_lines(compute)


@pytest.mark.parametrize("name", FLOATS)
def test_named_float_operations(name):
    def compute(a, b):
        b[0] = getattr(arith, name)(a[0], a[1])

    assert f"%6 = arith.{name} %4, %5 : f32" in core_lines(compute, dtype=np.float32)


@pytest.mark.parametrize("name", MATH)
def test_functions_of_math(name):
    def compute(a, b):
        b[0] = getattr(math, name)(a[0])

    assert f"%5 = math.{name} %4 : f32" in core_lines(compute, dtype=np.float32)


def test_functions_of_several_numbers():
    def compute(a, b):
        b[0] = math.powf(a[0], 2.0)
        b[1] = math.fma(a[0], a[1], a[2])

    lines = core_lines(compute, dtype=np.float32)
    assert "%5 = math.powf %4, %cst : f32" in lines
    assert "%9 = math.fma %6, %7, %8 : f32" in lines


def test_comparisons_by_predicate():
    def compute(a, b):
        b[0] = arith.select(arith.cmpi("ult", a[0], 9), a[0], arith.constant(7, np.int32))

    assert core_lines(compute)[1:5] == [
        "%c9_i32 = arith.constant 9 : i32",
        "%5 = arith.cmpi ult, %4, %c9_i32 : i32",
        "%6 = memref.load %1[%c0] : memref<16xi32>",
        "%c7_i32 = arith.constant 7 : i32",
    ]


def test_both_orders_of_a_constant():
    def compute(a, b):
        b[0] = arith.constant(IntegerType(32), 5)
        b[1] = arith.constant(5, IntegerType(32))

    assert core_lines(compute).count("%c5_i32 = arith.constant 5 : i32") == 2


def test_the_remainder_of_floats():
    def compute(a, b):
        b[0] = a[0] % 2.0

    assert "%5 = arith.remf %4, %cst : f32" in core_lines(compute, dtype=np.float32)


def test_a_branch_with_results():
    def compute(a, b):
        with if_(a[0] > a[1], insert_yield=False) as branch:
            yield_([a[0], a[1]])
        with else_(branch, insert_yield=False):
            yield_(a[1], a[0])
        more, less = branch.results
        b[0] = more - less

    def core_fn(source, sink):
        compute(source.acquire(1), sink.acquire(1))
        source.release(1)
        sink.release(1)

    text = text_of(through_one_core(core_fn))
    assert "scf.if" in text
    assert "-> (i32, i32) {" in text
    assert text.count("scf.yield %") == 2


REFUSED = [
    (lambda a: arith.addi(1, 2), "arith.addi of two Python numbers", None, "plain Python"),
    (lambda a: arith.addf(a[0], a[1]), "arith.addf of i32 values", "it takes floats", None),
    (lambda a: math.exp(a[0]), "math.exp of i32 values", "it takes floats", None),
    (
        lambda a: arith.cmpi("lt", a[0], 1),
        "arith.cmpi with the predicate 'lt'",
        "there are eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge",
        None,
    ),
    (
        lambda a: arith.fptoui(np.int32, a[0]),
        "arith.fptoui from i32 to i32",
        "it casts a float to an integer",
        None,
    ),
]


@pytest.mark.parametrize(("operation", "what", "because", "fix"), REFUSED)
def test_refusals(operation, what, because, fix):
    with pytest.raises(DesignError) as refusal:
        core_lines(lambda a, b: operation(a))
    assert (refusal.value.what, refusal.value.because, refusal.value.fix) == (what, because, fix)


def test_a_branch_with_results_needs_its_other_side():
    def compute(a, b):
        with if_(a[0] > 3):  # !lonely
            yield_([a[1]])

    with refused(
        at="lonely",
        what="an `if_` whose body yields values has no `else_`",
        because="the values would be nothing where its condition does not hold",
        fix="with else_(branch): yield_([...]) directly behind it",
    ):
        core_lines(compute)


def test_results_of_a_branch_that_has_none():
    def compute(a, b):
        with if_(a[0] > 3) as branch:
            b[0] = 1
        b[1] = branch.results  # !none

    with refused(
        at="none",
        what="the results of an if_ that has none",
        because="both its bodies have to end with yield_([...])",
        fix="with if_(condition) as branch: ... yield_([a]), then with else_(branch)",
    ):
        core_lines(compute)
