"""The matrix product on one tile, against numpy: shapes parametrised, values drawn."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.blocks import blocked
from aie_kernels.mm_contracts import BLOCKS, mm
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS, drawn
from tests.kernels.library import call

SHAPES = ((16, 16, 16), (32, 8, 16), (16, 40, 48), (64, 64, 64))
seeds = st.integers(0, 2**32 - 1)


def drawn_integers(rng, type_name, count):
    dtype = ELEMENT_TYPES[type_name].dtype
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, count, dtype=dtype, endpoint=True)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "x".join(map(str, shape)))
@pytest.mark.parametrize("type_in", ["i8", "i16"])
@given(seed=seeds)
def test_integer_products_are_exact(type_in, shape, seed):
    m, k, n = shape
    contract = mm(type_in, "i32", m, k, n)
    rng = np.random.default_rng(seed)
    given_values = {
        "a": drawn_integers(rng, type_in, m * k),
        "b": drawn_integers(rng, type_in, k * n),
        "c": drawn_integers(rng, "i32", m * n),
    }
    written = call(contract, given_values)["c"]
    assert judge(written, contract.reference(**given_values)["c"], contract.tolerance)


def test_the_most_negative_integers_wrap():
    contract = mm("i16", "i32", 16, 16, 16)
    least = np.full(256, -(2**15), np.int16)
    written = call(contract, {"a": least, "b": least, "c": np.zeros(256, np.int32)})["c"]
    assert (written == (16 * 2**30 + 2**31) % 2**32 - 2**31).all()


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "x".join(map(str, shape)))
@given(seed=seeds)
def test_bf16_products_are_close(shape, numerics, seed):
    m, k, n = shape
    contract = mm("bf16", "f32", m, k, n)
    rng = np.random.default_rng(seed)
    given_values = {
        "a": rng.standard_normal(m * k).astype(ml_dtypes.bfloat16),
        "b": rng.standard_normal(k * n).astype(ml_dtypes.bfloat16),
        "c": rng.standard_normal(m * n).astype(np.float32),
    }
    written = call(contract, given_values, numerics)["c"]
    verdict = judge(written, contract.reference(**given_values)["c"], contract.tolerance)
    assert verdict, str(verdict)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds)
def test_the_bar(name, seed):
    """2e-6 x sqrt(K) of float64; magnitudes brought into the domain.

    What is below 2^-126 is flushed, in each step of eight products.
    """
    m, k, n = 16, 64, 16
    contract = mm("bf16", "f32", m, k, n)
    largest = contract.argument("a").largest
    a = np.clip(drawn(name, seed, m * k).astype(np.float64), -largest, largest)
    given_values = {
        "a": a.astype(ml_dtypes.bfloat16),
        "b": np.random.default_rng(seed).standard_normal(k * n).astype(ml_dtypes.bfloat16),
        "c": np.zeros(m * n, np.float32),
    }
    exact = contract.reference(**given_values)["c"]
    written = call(contract, given_values)["c"]
    flushed = k / 8 * 2.0**-126 * exact.size**0.5
    assert np.linalg.norm(written - exact) <= 2e-6 * k**0.5 * np.linalg.norm(exact) + flushed


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(seed=seeds)
def test_bf16_products_of_small_integers_are_exact(numerics, seed):
    contract = mm("bf16", "f32", 16, 64, 16)
    rng = np.random.default_rng(seed)
    a, b = (rng.integers(-16, 17, 1024).astype(ml_dtypes.bfloat16) for _ in range(2))
    c = rng.integers(-1000, 1000, 256).astype(np.float32)
    written = call(contract, {"a": a, "b": b, "c": c}, numerics)["c"]
    expected = contract.reference(a=a, b=b, c=c)["c"]
    np.testing.assert_array_equal(written, expected.astype(np.float32))


@pytest.mark.parametrize(("type_in", "type_out"), BLOCKS)
def test_an_identity_returns_the_other_matrix(type_in, type_out):
    contract = mm(type_in, type_out, 16, 16, 16)
    sizes = BLOCKS[type_in, type_out]
    dtype = ELEMENT_TYPES[type_in].dtype
    b = np.arange(256).reshape(16, 16) % 100
    written = call(
        contract,
        {
            "a": blocked(np.eye(16).astype(dtype), sizes.rows, sizes.depth).reshape(-1),
            "b": blocked(b.astype(dtype), sizes.depth, sizes.columns).reshape(-1),
            "c": np.zeros(256, ELEMENT_TYPES[type_out].dtype),
        },
    )["c"]
    np.testing.assert_array_equal(
        written, blocked(b, sizes.rows, sizes.columns).reshape(-1).astype(written.dtype)
    )


def test_unknown_types_are_refused_by_name():
    with pytest.raises(
        ValueError,
        match=r"^no matrix product from i8 to f32; there are i8->i32, i16->i32, bf16->f32$",
    ):
        mm("i8", "f32")
