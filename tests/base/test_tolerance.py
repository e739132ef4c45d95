"""Verdicts: what passes, what fails, and what they say."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.tolerance import EXACT, Tolerance, bf16_ulp_distance, judge
from tests.strategies import finite_bfloat16, from_ordinal

LOOSE = Tolerance(absolute=0.5, evidence="a test")


@given(values=st.data())
def test_an_array_agrees_with_itself_under_any_tolerance(values):
    array = values.draw(finite_bfloat16((7,)))
    for tolerance in (EXACT, LOOSE, Tolerance(bf16_ulps=0, relative_l2=0, evidence="a test")):
        assert judge(array, array, tolerance)


@given(rank=st.integers(-0x7F7E, 0x7F7E))
def test_neighbouring_bfloat16_are_one_ulp_apart(rank):
    first, second = from_ordinal(np.array([rank])), from_ordinal(np.array([rank + 1]))
    assert bf16_ulp_distance(first, second) == 1
    assert judge(first, second, Tolerance(bf16_ulps=1, evidence="a test"))
    assert not judge(first, second, Tolerance(bf16_ulps=0, evidence="a test"))


def test_zeros_of_either_sign_are_one_value():
    zeros = np.array([0.0, -0.0], ml_dtypes.bfloat16)
    assert bf16_ulp_distance(zeros[:1], zeros[1:]) == 0
    assert judge(zeros[:1], zeros[1:], EXACT)


@pytest.mark.parametrize("tolerance", [EXACT, LOOSE, Tolerance(relative_l2=1e9, evidence="a test")])
def test_a_nan_in_the_result_fails_under_any_tolerance(tolerance):
    verdict = judge(np.array([1.0, np.nan, 3.0]), np.array([1.0, 2.0, 3.0]), tolerance)
    assert not verdict
    assert (verdict.mismatch_count, verdict.first_index, verdict.worst_index) == (1, (1,), (1,))
    assert np.isnan(verdict.max_abs_error)


def test_the_message_counts_and_points():
    actual = np.array([[1.0, 2.5], [3.0, 9.0]])
    verdict = judge(actual, np.array([[1.0, 2.0], [3.0, 4.0]]), LOOSE)
    assert str(verdict) == (
        "outside tolerance (absolute 0.5): 1 of 4 elements differ too much, max abs error 5, "
        "relative L2 0.9174; first at (1, 1); worst at (1, 1): 9, expected 4"
    )


def test_the_message_of_an_agreement():
    assert str(judge(np.array([2]), np.array([2]), EXACT)) == (
        "within tolerance (exact): 0 of 1 elements differ too much, max abs error 0, relative L2 0"
    )


def test_a_norm_alone_can_fail():
    verdict = judge(
        np.array([1.1]), np.array([1.0]), Tolerance(relative_l2=0.05, evidence="a test")
    )
    assert not verdict
    assert verdict.mismatch_count == 0


def test_a_reference_with_nan_cannot_judge():
    with pytest.raises(ValueError, match=r"^the reference holds NaN: it cannot judge$"):
        judge(np.array([1.0]), np.array([np.nan]), LOOSE)


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"^result has shape \(2,\), its reference \(3,\)$"):
        judge(np.zeros(2), np.zeros(3), EXACT)


def test_a_tolerance_needs_evidence():
    with pytest.raises(ValueError, match=r"^a tolerance needs its evidence$"):
        Tolerance(absolute=1.0, evidence="")


def test_a_limit_must_be_finite():
    with pytest.raises(
        ValueError, match=r"^tolerance absolute=inf; it must be finite and not negative$"
    ):
        Tolerance(absolute=float("inf"), evidence="a test")


def test_exact_integers_are_compared_without_rounding():
    big = np.array([2**62], np.int64)
    assert not judge(big, big + 1, EXACT)
