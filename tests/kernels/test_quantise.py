"""int8 with a scale for each row, and what a product of it becomes, against numpy."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.quantise_contracts import mm_dequantise, quantise_bf16_i8, scales_of_rows
from aie_kernels.scale_tiles import dequantising_tile
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS, drawn
from tests.kernels.library import call
from tests.strategies import finite_bfloat16

M, K, N = 16, 16, 48
seeds = st.integers(0, 2**32 - 1)


def quantised(x):
    """The numbers and their scale, judged."""
    contract = quantise_bf16_i8(x.size)
    y = call(contract, {"x": x})["y"]
    verdict = judge(y, contract.reference(x=x)["y"], contract.tolerance)
    assert verdict, str(verdict)
    assert not y[x.size + 4 :].any()
    return y[: x.size], scales_of_rows(y[None, :])[0]


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds)
def test_every_number_is_within_half_a_step(name, seed):
    x = drawn(name, seed, 512)
    numbers, scale = quantised(x)
    wide = x.astype(np.float64)
    if name in ("zero", "subnormal"):
        assert scale == 1
        assert not numbers.any()
        return
    assert scale == np.float32(np.abs(wide).max()) / np.float32(127)
    assert np.abs(numbers).max() == 127
    assert (np.abs(numbers * np.float64(scale) - wide) <= (0.5 + 2.0**-8) * scale).all()


@given(values=st.data(), vectors=st.integers(1, 5))
def test_every_allowed_length_is_written_whole(values, vectors):
    quantised(values.draw(finite_bfloat16((32 * vectors,), largest=0x7F00)))


@given(seed=seeds, exponent=st.integers(-60, 60))
def test_a_power_of_two_changes_the_scale_alone(seed, exponent):
    x = np.random.default_rng(seed).standard_normal(64).astype(ml_dtypes.bfloat16)
    times = (x.astype(np.float32) * 2.0**exponent).astype(ml_dtypes.bfloat16)
    (numbers, scale), (same, other_scale) = quantised(x), quantised(times)
    np.testing.assert_array_equal(numbers, same)
    assert other_scale == scale * np.float32(2.0**exponent)


def dequantised(c, row_scales, column_scales, biases):
    """y [M, N] of sums c [M, N], and what it is exactly."""
    beside = np.zeros((M, K), np.int8)
    beside[:, :4] = row_scales.astype(np.float32)[:, None].view(np.int8)
    given_values = {
        "c": blocked(c.astype(np.int32), 4, 8).reshape(-1),
        "columns": blocked(dequantising_tile(column_scales, biases, K), 8, 8).reshape(-1),
        "rows": blocked(beside, 4, 8).reshape(-1),
    }
    contract = mm_dequantise(M, K, N)
    y = call(contract, given_values)["y"]
    verdict = judge(y, contract.reference(**given_values)["y"], contract.tolerance)
    assert verdict, str(verdict)
    exact = c * row_scales[:, None].astype(np.float64) * column_scales + biases
    return unblocked(y, M, N, 4, 8), exact


@given(seed=seeds, bits=st.integers(1, 31))
def test_sums_times_both_scales(seed, bits):
    """Each element too: half a last place, and a few 2^-16 of every addend."""
    rng = np.random.default_rng(seed)
    c = rng.integers(-(2**bits), 2**bits, (M, N))
    row_scales, column_scales = rng.uniform(0.005, 0.05, M), rng.uniform(5e-4, 5e-3, N)
    biases = rng.standard_normal(N).astype(np.float32)
    scales = (row_scales.astype(np.float32), column_scales.astype(np.float32))
    y, exact = dequantised(c, *scales, biases)
    magnitude = np.abs(exact - biases) + np.abs(biases)
    allowed = 2.0**-8 * np.abs(exact) + 2.0**-13 * magnitude
    assert (np.abs(y.astype(np.float64) - exact) <= allowed).all()


@given(seed=seeds)
def test_scales_that_are_powers_of_two_are_exact(seed):
    """Each at its own row and column: bf16 holds the results."""
    rng = np.random.default_rng(seed)
    c = rng.integers(-128, 129, (M, N))
    row_scales = 2.0 ** rng.integers(-20, 20, M)
    column_scales = 2.0 ** rng.integers(-20, 20, N)
    y, exact = dequantised(c, row_scales, column_scales, np.zeros(N))
    np.testing.assert_array_equal(y.astype(np.float64), exact)


def test_scales_that_do_not_fit_a_tile_are_refused():
    with pytest.raises(ValueError, match=r"^128 bytes of scales do not fit a tile of 4x16$"):
        dequantising_tile(np.ones(16), np.zeros(16), 4)
