"""int8 attention: weights as quantised, and how few are rounded the other way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.attention_i8_contracts import ATTENTION_I8, packed_steps
from ironbird.base.tolerance import judge
from tests.kernels.library import call


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(
    seed=st.integers(0, 2**32 - 1),
    spread=st.sampled_from((1, 30, 200)),
    q_scale=st.sampled_from((0.001, 0.03, 0.3)),
    y_scale=st.sampled_from((0.015, 0.03)),
)
def test_few_results_are_off_and_none_by_much(numerics, seed, spread, q_scale, y_scale):
    rng = np.random.default_rng(seed)
    drawn = np.rint(rng.standard_normal(3 * 4096) * spread)
    given_values = {
        "packed": np.clip(drawn, -128, 127).astype(np.int8),
        "steps": packed_steps(q_scale, 0.03, 0.03, y_scale),
    }
    result = call(ATTENTION_I8, given_values, numerics)["y"]
    expected = ATTENTION_I8.reference(**given_values)["y"]
    verdict = judge(result, expected, ATTENTION_I8.tolerance)
    assert verdict, str(verdict)
    assert np.count_nonzero(result != expected) <= 0.03 * result.size


def test_scores_of_the_largest_numbers_are_exact():
    """64 products of -128 x -128: 2^20, and every weight is the largest."""
    packed = np.full(3 * 4096, -128, np.int8)
    result = call(ATTENTION_I8, {"packed": packed, "steps": packed_steps(0.1, 0.1, 1, 1)})["y"]
    assert (result == -128).all()
