"""A Python variable that a loop of the core would have to carry is refused; other uses are not."""

import numpy as np
import pytest
from iron_programs import core_lines, refused, text_of, through_one_core

from ironbird.iron.controlflow import if_, range_, yield_

CARRIED = {
    "because": "the body is traced once: every turn would see what it was before the loop",
    "fix": "iter_args=[...] and yield_([...]), or an element of a Buffer",
}


def carried(name):
    """What is said of the variable `name`."""
    return {
        "what": f"the variable {name!r} is changed inside `range_` for the next turn",
        **CARRIED,
    }


def test_a_sum_in_a_python_variable():
    def compute(a, b):
        total = 0
        for i in range_(16):  # !sum
            total += a[i]
            b[i] = total

    with refused(at="sum", **carried("total")):
        core_lines(compute)


def test_a_largest_element_kept_by_a_branch():
    def compute(a, b):
        largest = a[0]
        for i in range_(16):  # !branch
            with if_(a[i] > largest, hasElse=False):
                largest = a[i]

    with refused(at="branch", **carried("largest")):
        core_lines(compute)


def test_a_sum_in_an_inner_loop():
    def compute(a, b):
        for i in range_(4):
            total = a[i]
            for j in range_(4):  # !inner
                total = total + a[j]
            b[i] = i

    with refused(at="inner", **carried("total")):
        core_lines(compute)


def test_an_object_acquired_for_the_next_turn():
    def core_fn(source, sink):
        held = source.acquire(1)
        for _ in range_(4):  # !primed
            out = sink.acquire(1)
            out[0] = held[0]
            sink.release(1)
            source.release(1)
            held = source.acquire(1)

    with refused(at="primed", **carried("held")):
        text_of(through_one_core(core_fn))


def test_a_variable_of_an_enclosing_function():
    total = 0

    def compute(a, b):
        nonlocal total
        for i in range_(16):  # !outer
            total = total + a[i]

    with refused(at="outer", **carried("total")):
        core_lines(compute)


def test_a_variable_bound_anew_in_each_turn_is_free():
    def compute(a, b):
        value = 0
        for i in range_(16):
            value = a[i]
            for _ in range(3):
                value = value + 1
            b[i] = value
        for i in range_(16):
            value = b[i]
            b[i] = value

    assert sum("arith.addi" in line for line in core_lines(compute)) == 3


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_a_carried_value_is_free(dtype):
    def compute(a, b):
        total = 0
        for i, partial, total in range_(1, 16, iter_args=[a[0]]):  # noqa: B007
            yield_([partial + a[i]])
        b[0] = total

    assert any("iter_args" in line for line in core_lines(compute, dtype=dtype))
