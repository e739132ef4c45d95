"""LayerNorm, with gain and bias and without: the bar, and what is known of the function."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.layer_norm_contracts import (
    layer_norm_bf16,
    layer_norm_plain_bf16,
    layer_norm_reference,
)
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS, drawn, why_below_the_bar
from tests.kernels.library import call
from tests.strategies import finite_bfloat16, seeded_bfloat16

WIDTHS = (256, 384, 512, 768, 1024, 1280)
seeds = st.integers(0, 2**32 - 1)


def reference(x, gain=1.0, bias=0.0):
    """What the kernel promises: tiny inputs, subnormal ones among them, may count as zero."""
    wide = x.astype(np.float64)
    return layer_norm_reference(np.where(np.abs(wide) < 2.0**-100, 0, wide), gain, bias)


def plain(x, numerics="silicon"):
    return call(layer_norm_plain_bf16(x.size), {"x": x}, numerics)["y"]


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds, width=st.sampled_from(WIDTHS))
def test_the_bar_without_gain(name, seed, width):
    x = drawn(name, seed, width)
    assert why_below_the_bar(plain(x), reference(x)) is None


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds, width=st.sampled_from(WIDTHS))
def test_the_bar_with_gain_and_bias(name, seed, width):
    x = drawn(name, seed, width)
    rng = np.random.default_rng(seed + 1)
    gain = (1 + 0.3 * rng.standard_normal(width)).astype(ml_dtypes.bfloat16)
    bias = rng.standard_normal(width).astype(ml_dtypes.bfloat16)
    given_values = {"x": x, "gain_and_bias": np.concatenate([gain, bias])}
    result = call(layer_norm_bf16(width), given_values)["y"]
    exact = reference(x, gain.astype(np.float64), bias.astype(np.float64))
    assert why_below_the_bar(result, exact) is None


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(values=st.data(), vectors=st.integers(1, 5))
def test_any_finite_row_of_every_allowed_length(numerics, values, vectors):
    x = values.draw(finite_bfloat16((32 * vectors,)))
    contract = layer_norm_plain_bf16(x.size)
    verdict = judge(plain(x, numerics), layer_norm_reference(x), contract.tolerance)
    assert verdict, str(verdict)


@given(values=st.data(), exponent=st.integers(12, 120))
def test_a_power_of_two_scales_out(values, exponent):
    """Where epsilon weighs nothing, rows that differ by a power of two have one result."""
    x = values.draw(seeded_bfloat16((256,))).astype(np.float32)
    near, far = (plain((x * 2.0**power).astype(ml_dtypes.bfloat16)) for power in (12, exponent))
    distance = np.abs(near.astype(np.float64) - far.astype(np.float64))
    np.testing.assert_array_less(distance, 2.0**-7 * np.abs(near.astype(np.float64)) + 1e-4)


@given(values=st.data(), shift=st.integers(-64, 64))
def test_a_shift_falls_out(values, shift):
    """Small integers and their sums are exact, so the centred rows are equal bit for bit."""
    x = values.draw(seeded_bfloat16((256,), scale=10)).astype(np.float32).round()
    rows = [plain(row.astype(ml_dtypes.bfloat16)) for row in (x, x + shift)]
    np.testing.assert_array_equal(rows[0].view(np.uint16), rows[1].view(np.uint16))


@given(values=st.data())
def test_gain_one_and_bias_zero_change_nothing(values):
    x = values.draw(seeded_bfloat16((512,), scale=3))
    gain_and_bias = np.repeat([1, 0], 512).astype(ml_dtypes.bfloat16)
    with_gain = call(layer_norm_bf16(512), {"x": x, "gain_and_bias": gain_and_bias})["y"]
    assert why_below_the_bar(with_gain, plain(x).astype(np.float64)) is None


def test_a_constant_row_is_the_bias():
    bias = np.linspace(-3, 3, 768).astype(ml_dtypes.bfloat16)
    gain_and_bias = np.concatenate([np.full(768, 2, ml_dtypes.bfloat16), bias])
    for value in (0.1, -1e4, 3.3895314e38):
        x = np.full(768, value).astype(ml_dtypes.bfloat16)
        result = call(layer_norm_bf16(768), {"x": x, "gain_and_bias": gain_and_bias})["y"]
        np.testing.assert_array_equal(result, bias)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_one_nan_or_infinity_makes_the_row_nan(odd):
    x = np.linspace(-1, 1, 64).astype(ml_dtypes.bfloat16)
    x[40] = odd
    assert np.isnan(plain(x).astype(np.float32)).all()
