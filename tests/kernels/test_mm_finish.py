"""Biases before a product; narrowing, residual, GELU, requantising after it; against numpy."""

from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.gelu_contracts import rounded_gelu
from aie_kernels.gelu_table import gelu_reference
from aie_kernels.mm_begin_contracts import bias_rows, mm_begin
from aie_kernels.mm_contracts import mm
from aie_kernels.mm_finish_contracts import (
    mm_finish,
    mm_finish_gelu,
    mm_requantise_i32_i8,
    mm_requantise_tile,
    rounded_shift,
)
from aie_kernels.row_contracts import zero
from aie_kernels.scale_tiles import requantising_tile
from ironbird.base.tolerance import bf16_ulp_distance, judge
from tests.kernels.library import call

M, K, N = 16, 8, 48
seeds = st.integers(0, 2**32 - 1)


def finished(c, residual=None):
    """Plain matrices in; y [M, N], exact sums, the addends' magnitudes and the contract out."""
    given_values = {"c": blocked(c.astype(np.float32), 4, 4).reshape(-1)}
    exact = c.astype(np.float32).astype(np.float64)
    magnitude = np.abs(exact)
    if residual is not None:
        addend = residual.astype(ml_dtypes.bfloat16)
        given_values["residual"] = blocked(addend, 4, 8).reshape(-1)
        exact = exact + addend.astype(np.float64)
        magnitude = magnitude + np.abs(addend.astype(np.float64))
    contract = mm_finish(M, N, residual=residual is not None)
    written = call(contract, given_values)["y"]
    reference = contract.reference(**given_values)["y"]
    np.testing.assert_array_equal(unblocked(reference, M, N, 4, 4), exact)
    return unblocked(written, M, N, 4, 4), exact, magnitude, contract


def normal(rng):
    return rng.standard_normal((M, N)) * 8, rng.standard_normal((M, N))


def skewed(rng):
    c, residual = normal(rng)
    return c - 2, residual


def one_loud_channel(rng):
    c, residual = normal(rng)
    c[:, rng.integers(N)] *= 50
    return c, residual


def constant_rows(rng):
    c, residual = normal(rng)
    return np.repeat(c[:, :1], N, axis=1), residual


def largest_magnitudes(rng):
    return tuple(np.copysign(1e38, array) for array in normal(rng))


def zeros(rng):
    return np.zeros((M, N)), np.zeros((M, N))


DISTRIBUTIONS = (normal, skewed, one_loud_channel, constant_rows, largest_magnitudes, zeros)
by_name = pytest.mark.parametrize("spread", DISTRIBUTIONS, ids=lambda spread: spread.__name__)


@by_name
@pytest.mark.parametrize("with_residual", [False, True])
@given(seed=seeds)
def test_sums_are_rounded_once(with_residual, spread, seed):
    """Each element too: half a last place, and the fp32 sum's 2^-23 of every addend."""
    c, residual = spread(np.random.default_rng(seed))
    y, exact, magnitude, contract = finished(c, residual if with_residual else None)
    verdict = judge(y, exact, contract.tolerance)
    assert verdict, str(verdict)
    allowed = 2.0**-8 * np.abs(exact) + 2.0**-22 * magnitude
    assert (np.abs(y.astype(np.float64) - exact) <= allowed).all()


@given(seed=seeds)
def test_without_a_residual_it_is_the_nearest_bf16(seed):
    c = np.random.default_rng(seed).standard_normal((M, N)).astype(np.float32)
    y, *_ = finished(c)
    np.testing.assert_array_equal(y, c.astype(ml_dtypes.bfloat16))


def test_sums_too_small_for_fp32_are_zero():
    tiny = np.full((M, N), 1e-39)
    y, *_ = finished(tiny, tiny)
    assert not y.any()


def begun(bias):
    """c [M, N] as a product with these biases starts."""
    tile = blocked(bias_rows(bias, K), 8, 4).reshape(-1)
    contract = mm_begin(M, K, N)
    written = call(contract, {"bias": tile})["c"]
    verdict = judge(written, contract.reference(bias=tile)["c"], contract.tolerance)
    assert verdict, str(verdict)
    return unblocked(written, M, N, 4, 4)


@given(seed=seeds, exponent=st.integers(-60, 60))
def test_a_product_starts_from_its_biases_in_every_row(seed, exponent):
    bias = np.random.default_rng(seed).standard_normal(N).astype(np.float32) * 2.0**exponent
    np.testing.assert_allclose(begun(bias), np.broadcast_to(bias, (M, N)), rtol=2.0**-22)


@given(seed=seeds)
def test_biases_of_23_bits_are_exact(seed):
    bias = np.random.default_rng(seed).integers(-(2**23), 2**23, N).astype(np.float32)
    np.testing.assert_array_equal(begun(bias), np.broadcast_to(bias, (M, N)))


@given(seed=seeds)
def test_parts_of_a_bias_add_up_to_it(seed):
    bias = np.random.default_rng(seed).standard_normal(N).astype(np.float32)
    np.testing.assert_array_equal(bias_rows(bias, K).astype(np.float64).sum(axis=0), bias)


@given(seed=seeds)
def test_the_whole_chain_on_small_integers_is_exact(seed):
    """Biases, products of K in two pieces, a residual: as a design calls them."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-3, 4, (M, 2 * K)), rng.integers(-3, 4, (2 * K, N))
    bias, residual = rng.integers(-20, 21, N), rng.integers(-20, 21, (M, N))
    c = call(mm_begin(M, K, N), {"bias": blocked(bias_rows(bias, K), 8, 4).reshape(-1)})["c"]
    for piece in (slice(0, K), slice(K, 2 * K)):
        given_values = {
            "a": blocked(a[:, piece], 4, 8).reshape(-1).astype(ml_dtypes.bfloat16),
            "b": blocked(b[piece], 8, 4).reshape(-1).astype(ml_dtypes.bfloat16),
            "c": c,
        }
        c = call(mm("bf16", "f32", M, K, N), given_values)["c"]
    y, *_ = finished(unblocked(c, M, N, 4, 4), residual)
    np.testing.assert_array_equal(y, a @ b + bias + residual)


def gelu_of(c):
    contract = mm_finish_gelu(M, N)
    given_values = {"c": np.asarray(c, np.float32).reshape(-1)}
    return call(contract, given_values)["y"], contract


@by_name
@given(seed=seeds)
def test_gelu_of_sums(spread, seed):
    c = spread(np.random.default_rng(seed))[0].astype(np.float32)
    y, contract = gelu_of(c)
    verdict = judge(y, contract.reference(c=c.reshape(-1))["y"], contract.tolerance)
    assert verdict, str(verdict)


@pytest.mark.parametrize("spread", [normal, skewed, one_loud_channel], ids=lambda one: one.__name__)
@given(seed=seeds)
def test_gelu_of_realistic_sums_keeps_the_bar_of_products(spread, seed):
    c = (spread(np.random.default_rng(seed))[0] / 4).astype(np.float32)
    y, _ = gelu_of(c)
    exact = gelu_reference(c.reshape(-1))
    assert np.linalg.norm(y.astype(np.float64) - exact) <= 4e-3 * np.linalg.norm(exact)


def test_gelu_of_bf16_sums_is_that_of_the_kernel_or_its_neighbour():
    """Every finite magnitude whose half is not flushed; negatives are the same to the bit."""
    magnitudes = np.arange(0x0100, 0x7F80).astype(np.uint16).view(ml_dtypes.bfloat16)
    for x in (magnitudes, -magnitudes):
        results = []
        for chunk in np.array_split(x, -(-x.size // (M * N))):
            filled = np.zeros(M * N, np.float32)
            filled[: chunk.size] = chunk
            results.append(gelu_of(filled)[0][: chunk.size])
        steps = bf16_ulp_distance(np.concatenate(results), rounded_gelu(x))
        assert steps.max() <= (1 if x[0] > 0 else 0)


def test_gelu_of_infinities_and_nan():
    c = np.zeros(M * N, np.float32)
    c[:3] = np.inf, -np.inf, np.nan
    y, _ = gelu_of(c)
    assert y[0] == np.inf
    assert y[1:2].view(np.uint16) == [0x8000]
    assert np.isnan(y[2])
    assert not y[3:].any()


def requantised(c, multipliers, shift):
    written = call(
        mm_requantise_i32_i8(M, N),
        {
            "c": blocked(c.astype(np.int32), 4, 8).reshape(-1),
            "multipliers": multipliers.astype(np.int16),
            "shift": shift,
        },
    )["y"]
    return unblocked(written, M, N, 4, 8)


@given(seed=seeds, shift=st.integers(0, 31), bits=st.integers(1, 32))
def test_requantised_numbers_are_exact(seed, shift, bits):
    rng = np.random.default_rng(seed)
    given_values = {
        "c": rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), M * N).astype(np.int32),
        "multipliers": rng.integers(-(2**15), 2**15, N).astype(np.int16),
        "shift": shift,
    }
    contract = mm_requantise_i32_i8(M, N)
    written = call(contract, given_values)["y"]
    assert judge(written, contract.reference(**given_values)["y"], contract.tolerance)


@given(seed=seeds, shift=st.integers(0, 31))
def test_scales_that_come_as_a_tile_do_the_same(seed, shift):
    rng = np.random.default_rng(seed)
    c = rng.integers(-(2**31), 2**31, (M, N))
    multipliers = rng.integers(-(2**15), 2**15, N)
    tile = blocked(requantising_tile(multipliers, shift, K), 8, 8).reshape(-1)
    given_values = {"c": blocked(c.astype(np.int32), 4, 8).reshape(-1), "scales": tile}
    contract = mm_requantise_tile(M, K, N)
    y = call(contract, given_values)["y"]
    np.testing.assert_array_equal(y, contract.reference(**given_values)["y"])
    np.testing.assert_array_equal(unblocked(y, M, N, 4, 8), requantised(c, multipliers, shift))


@given(seed=seeds)
def test_sums_of_all_of_k_are_requantised_once(seed):
    """Zero, two pieces of K that each overflow int8, the end: not the sum of rounded pieces."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-128, 128, (M, 32)), rng.integers(-128, 128, (32, N))
    c = call(zero("i32", M * N), {})["y"]
    for piece in (slice(0, 16), slice(16, 32)):
        given_values = {
            "a": blocked(a[:, piece].astype(np.int8), 4, 8).reshape(-1),
            "b": blocked(b[piece].astype(np.int8), 8, 8).reshape(-1),
            "c": c,
        }
        c = call(mm("i8", "i32", M, 16, N), given_values)["c"]
    sums = unblocked(c, M, N, 4, 8)
    np.testing.assert_array_equal(sums, a @ b)
    np.testing.assert_array_equal(
        requantised(sums, np.full(N, 61), 15), np.clip(np.rint(a @ b * 61 / 2**15), -128, 127)
    )


def test_halves_are_rounded_to_even_and_large_numbers_saturate():
    c = np.tile([1, 3, 5, -1, -3, 1000, -1000, 2**31 - 1], (M, N // 8))
    y = requantised(c, np.ones(N), 1)
    np.testing.assert_array_equal(y, np.tile([0, 2, 2, 0, -2, 127, -128, 127], (M, N // 8)))


def test_each_column_has_its_own_multiplier():
    multipliers = np.arange(N) * 512
    y = requantised(np.full((M, N), 64), multipliers, 15)
    np.testing.assert_array_equal(y, np.broadcast_to(np.arange(N), (M, N)))


@given(number=st.integers(-(2**46), 2**46), shift=st.integers(0, 31))
def test_the_reference_rounds_like_python(number, shift):
    """Python's `round` of an exact fraction goes to nearest even."""
    assert rounded_shift(np.array([number]), shift)[0] == round(Fraction(number, 2**shift))
