"""Bias, residual, narrowing and requantising after a product, against numpy."""

from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.mm_contracts import mm
from aie_kernels.mm_finish_contracts import mm_finish, mm_requantise_i32_i8, rounded_shift
from ironbird.base.tolerance import judge
from tests.kernels.library import call

M, N = 16, 48
KINDS = ({}, {"bias": True}, {"bias": True, "residual": True})
seeds = st.integers(0, 2**32 - 1)


def named(kind):
    return "_".join(kind) or "plain"


def finished(kind, c, bias, residual):
    """Plain matrices in, y [M, N] out."""
    values = {"c": c.astype(np.float32)}
    if "bias" in kind:
        values["bias"] = bias.astype(np.float32)
    if "residual" in kind:
        values["residual"] = residual.astype(ml_dtypes.bfloat16)
    exact = values["c"].astype(np.float64)
    for name in list(values)[1:]:
        exact = exact + values[name].astype(np.float64)
    given_values = {
        name: array if name == "bias" else blocked(array, 4, 4).reshape(-1)
        for name, array in values.items()
    }
    contract = mm_finish(M, N, **kind)
    written = call(contract, given_values)["y"]
    reference = contract.reference(**given_values)["y"]
    np.testing.assert_array_equal(unblocked(reference, M, N, 4, 4), exact)
    magnitude = sum(np.abs(values[name].astype(np.float64)) for name in values)
    return unblocked(written, M, N, 4, 4), exact, np.broadcast_to(magnitude, (M, N)), contract


def normal(rng):
    return rng.standard_normal((M, N)) * 8, rng.standard_normal(N), rng.standard_normal((M, N))


def skewed(rng):
    c, bias, residual = normal(rng)
    return c - 2, bias, residual


def one_loud_channel(rng):
    c, bias, residual = normal(rng)
    c[:, rng.integers(N)] *= 50
    return c, bias, residual


def constant_rows(rng):
    c, bias, residual = normal(rng)
    return np.repeat(c[:, :1], N, axis=1), bias, residual


def largest_magnitudes(rng):
    c, bias, residual = normal(rng)
    return tuple(np.copysign(1e38, array) for array in (c, bias, residual))


def zeros(rng):
    return np.zeros((M, N)), np.zeros(N), np.zeros((M, N))


DISTRIBUTIONS = (normal, skewed, one_loud_channel, constant_rows, largest_magnitudes, zeros)


@pytest.mark.parametrize("spread", DISTRIBUTIONS, ids=lambda spread: spread.__name__)
@pytest.mark.parametrize("kind", KINDS, ids=named)
@given(seed=seeds)
def test_sums_are_rounded_once(kind, spread, seed):
    """Each element too: half a last place, and the fp32 sums' 2^-23 of every addend."""
    y, exact, magnitude, contract = finished(kind, *spread(np.random.default_rng(seed)))
    verdict = judge(y, exact, contract.tolerance)
    assert verdict, str(verdict)
    allowed = 2.0**-8 * np.abs(exact) + 2.0**-22 * magnitude
    assert (np.abs(y.astype(np.float64) - exact) <= allowed).all()


@given(seed=seeds)
def test_without_addends_it_is_the_nearest_bf16(seed):
    c = np.random.default_rng(seed).standard_normal((M, N)).astype(np.float32)
    y, *_ = finished({}, c, None, None)
    np.testing.assert_array_equal(y, c.astype(ml_dtypes.bfloat16))


def test_sums_too_small_for_fp32_are_zero():
    tiny = np.full((M, N), 1e-39)
    y, *_ = finished({"bias": True, "residual": True}, tiny, tiny[0], tiny)
    assert not y.any()


@given(seed=seeds)
def test_a_product_with_bias_and_residual_of_small_integers_is_exact(seed):
    """The whole chain: product, then its end, as a design calls them."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-3, 4, (16, 16)), rng.integers(-3, 4, (16, 16))
    bias, residual = rng.integers(-20, 21, 16), rng.integers(-20, 21, (16, 16))
    c = call(
        mm("bf16", "f32", 16, 16, 16),
        {
            "a": blocked(a, 4, 8).reshape(-1).astype(ml_dtypes.bfloat16),
            "b": blocked(b, 8, 4).reshape(-1).astype(ml_dtypes.bfloat16),
            "c": np.zeros(256, np.float32),
        },
    )["c"]
    y = call(
        mm_finish(16, 16, bias=True, residual=True),
        {
            "c": c,
            "bias": bias.astype(np.float32),
            "residual": blocked(residual, 4, 4).reshape(-1).astype(ml_dtypes.bfloat16),
        },
    )["y"]
    np.testing.assert_array_equal(unblocked(y, 16, 16, 4, 4), a @ b + bias + residual)


def test_a_residual_without_a_bias_is_refused():
    with pytest.raises(
        ValueError,
        match=r"^a residual is added after a bias; pass bias=True, and a bias of zeros$",
    ):
        mm_finish(residual=True)


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
