"""Softmax: the bar on realistic rows, masks, and rows of every length."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.row_contracts import softmax_bf16, softmax_reference
from aie_kernels.softmax_contracts import (
    SOFTMAX_MASKED_BF16,
    SOFTMAX_PREFIX_BF16,
    softmax_masked_bf16,
    softmax_masked_reference,
    softmax_prefix_bf16,
    softmax_prefix_reference,
)
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS, drawn, why_below_the_bar
from tests.kernels.library import call
from tests.strategies import finite_bfloat16, seeded_bfloat16

seeds = st.integers(0, 2**32 - 1)


def softmax(x, numerics="silicon"):
    return call(softmax_bf16(x.size), {"x": x}, numerics)["y"]


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds, width=st.sampled_from((512, 1024, 1504)))
def test_the_bar(name, seed, width):
    x = drawn(name, seed, width)
    assert why_below_the_bar(softmax(x), softmax_reference(x)) is None


@given(values=st.data(), scale=st.sampled_from((0.01, 1.0, 4.0, 30.0)))
def test_the_bar_at_every_scale(values, scale):
    x = values.draw(seeded_bfloat16((1024,), scale=scale))
    assert why_below_the_bar(softmax(x), softmax_reference(x)) is None


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(values=st.data(), vectors=st.integers(1, 5))
def test_any_finite_row_of_every_allowed_length(numerics, values, vectors):
    x = values.draw(finite_bfloat16((32 * vectors,)))
    verdict = judge(softmax(x, numerics), softmax_reference(x), softmax_bf16(x.size).tolerance)
    assert verdict, str(verdict)


@pytest.mark.parametrize("mask", [-np.inf, -3.3895314e38])
@given(values=st.data(), length=st.integers(1, 128))
def test_what_is_masked_gets_nothing_and_changes_nothing(mask, values, length):
    """A row of `length` that is filled up is the row alone, whatever stands where it is masked."""
    x = values.draw(seeded_bfloat16((128,), scale=3))
    x[length:] = np.asarray(mask, ml_dtypes.bfloat16)
    shares = softmax(x)
    assert not shares[length:].astype(np.float32).any()
    alone = softmax_reference(x[:length])
    assert why_below_the_bar(shares[:length], alone) is None


def prefix(x, valid_count):
    count = np.full(8, valid_count, np.int32)
    return call(SOFTMAX_PREFIX_BF16, {"x": x, "valid_count": count})["y"]


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds, valid_count=st.sampled_from((1, 31, 32, 33, 1499, 1500, 1535, 1536)))
def test_the_bar_of_a_prefix_whatever_follows_it(name, seed, valid_count):
    x = drawn(name, seed, 1536)
    x[valid_count:] = np.resize(np.array([np.nan, np.inf, 3e38, -5]), 1536 - valid_count)
    shares = prefix(x, valid_count)
    assert not shares[valid_count:].astype(np.float32).any()
    expected = softmax_prefix_reference(x, valid_count)[:valid_count]
    assert why_below_the_bar(shares[:valid_count], expected) is None


@pytest.mark.parametrize(
    ("valid_count", "as_if"), [(0, 0), (-7, 0), (1537, 1536), (2**31 - 1, 1536)]
)
def test_a_prefix_that_is_no_part_of_the_row(valid_count, as_if):
    x = drawn("normal", 1, 1536)
    assert why_below_the_bar(prefix(x, valid_count), softmax_prefix_reference(x, as_if)) is None


@given(seed=seeds, finite=st.booleans())
def test_the_bar_of_a_masked_row(seed, finite):
    """Hidden, or merely less likely: a mask is added in fp32, not rounded with the element."""
    rng = np.random.default_rng(seed)
    x = drawn("normal", seed, 1024)
    mask = np.where(rng.random(1024) < 0.3, -np.inf, rng.standard_normal(1024) if finite else 0)
    mask = mask.astype(ml_dtypes.bfloat16)
    shares = call(SOFTMAX_MASKED_BF16, {"x": x, "mask": mask})["y"]
    assert why_below_the_bar(shares, softmax_masked_reference(x, mask)) is None


def test_a_row_that_is_hidden_whole_gets_zeros():
    x = drawn("normal", 2, 1024)
    mask = np.full(1024, -np.inf, ml_dtypes.bfloat16)
    shares = call(SOFTMAX_MASKED_BF16, {"x": x, "mask": mask})["y"]
    assert not shares.astype(np.float32).any()


@pytest.mark.parametrize("spoilt", [np.nan, -np.nan, np.inf])
@pytest.mark.parametrize("place", [0, 17, 1023])
def test_nan_and_infinity_make_the_whole_row_nan(spoilt, place):
    """As the formula does: infinity minus infinity."""
    x = drawn("normal", 3, 1024)
    x[place] = spoilt
    assert np.isnan(softmax(x).astype(np.float32)).all()


def test_the_bar_can_fail():
    """Every other power 1 % too small, as the table of getExpBf16 makes them."""
    x = np.linspace(-4, 0, 64).astype(ml_dtypes.bfloat16)
    powers = np.exp(x.astype(np.float64)) * np.where(np.arange(64) % 2, 0.99, 1.0)
    result = (powers / powers.sum()).astype(ml_dtypes.bfloat16)
    reason = why_below_the_bar(result, softmax_reference(x))
    assert reason == "relative L2 0.00510013"


@pytest.mark.parametrize("softmax_of", [softmax_bf16, softmax_masked_bf16, softmax_prefix_bf16])
def test_a_row_that_cannot_be_kept_twice_is_refused(softmax_of):
    assert softmax_of(4096).argument("y").shape == (4096,)
    with pytest.raises(ValueError, match=r"^softmax of 4128 elements at once; the most is 4096$"):
        softmax_of(4128)


@given(seed=seeds)
def test_the_longest_row(seed):
    x = drawn("fc1", seed, 4096)
    assert why_below_the_bar(softmax(x), softmax_reference(x)) is None
