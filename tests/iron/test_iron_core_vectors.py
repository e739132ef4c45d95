"""Vectors in core code: operators lane by lane, and vectors and buffers that loops carry."""

import numpy as np
import pytest
from iron_programs import core_lines, through_one_core
from test_iron_core_programs import VALUES, interpreted
from xdsl.dialects.builtin import VectorType, f32, i32

from ironbird.base.errors import DesignError
from ironbird.ir import print_module
from ironbird.iron.controlflow import range_, yield_
from ironbird.iron.dialects import vectors


def vector_of(x, first=0):
    return vectors.load(VectorType(i32, [8]), x, [first])


def test_operators():
    def compute(x, y):
        a, b = vector_of(x), vector_of(x, 8)
        vectors.store((a * 2 + b - 1) & b, y, [0])
        vectors.store((1 + a) ^ (10 - b) | a, y, [8])

    a, b = VALUES[:8], VALUES[8:]
    expected = np.concatenate([(a * 2 + b - 1) & b, (1 + a) ^ (10 - b) | a])
    np.testing.assert_array_equal(interpreted(compute, VALUES), expected)


def test_a_vector_carried_round_a_loop():
    def compute(x, y):
        for i in range_(8):
            y[i] = x[i]
        for i, total, result in range_(0, 2, 1, iter_args=[vector_of(x)]):  # noqa: B007
            yield_(total + total)
        vectors.store(result, y, [8])

    expected = np.concatenate([VALUES[:8], VALUES[:8] * 4])
    np.testing.assert_array_equal(interpreted(compute, VALUES), expected)


def test_comparisons_and_division():
    def compute(x, y):
        a = vectors.load(VectorType(f32, [4]), x, [0])
        vectors.store(a / a, y, [0])
        less = a < 2.0
        assert str(less.type) == "vector<4xi1>"

    lines = core_lines(compute, dtype=np.float32)
    assert "%5 = arith.divf %4, %4 : vector<4xf32>" in lines
    assert "%cst = arith.constant dense<2.000000e+00> : vector<4xf32>" in lines
    assert "%6 = arith.cmpf olt, %4, %cst : vector<4xf32>" in lines


@pytest.mark.parametrize(
    ("operator", "what", "because"),
    [
        (
            lambda a: a + "1",
            "`+` between a vector<8xi32> and '1'",
            "both sides are vectors of one type",
        ),
        (lambda a: a + 1.5, "`+` takes i32, not the float 1.5", None),
        (
            lambda a: bool(a),
            "a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a core value",
            "the core computes it later; while the function is traced there is no answer",
        ),
    ],
    ids=["text", "float", "bool"],
)
def test_refusals(operator, what, because):
    with pytest.raises(DesignError) as refusal:
        core_lines(lambda x, y: operator(vector_of(x)))
    assert (refusal.value.what, refusal.value.because) == (what, because)


def test_a_buffer_carried_round_a_loop():
    """Ping and pong, exchanged by the core itself."""

    def core_fn(source, sink):
        x, y = source.acquire(1), sink.acquire(1)
        for i, (a, b), ends in range_(0, 4, 1, iter_args=[x, y]):  # noqa: B007
            b[i] = a[i]
            yield_(b, a)
        source.release(1)
        sink.release(1)

    text = print_module(through_one_core(core_fn).resolve_program())
    assert "-> (memref<16xi32>, memref<16xi32>)" in text
