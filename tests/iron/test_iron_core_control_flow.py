"""Branches and loops of core code: what they emit, and what they refuse."""

import numpy as np
import pytest
from iron_programs import core_lines, refused, text_of, through_one_core

from ironbird.iron import core_arith as arith
from ironbird.iron.controlflow import else_, if_, range_, yield_


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
