"""A few rows times a matrix of weights, against numpy: shapes parametrised, values drawn."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.mv_contracts import MV_BLOCKS, mv
from ironbird.base.tolerance import judge
from tests.kernels.library import call

SHAPES = ((4, 8, 16), (8, 64, 32), (16, 40, 48))
seeds = st.integers(0, 2**32 - 1)


def by_name(shape):
    return "x".join(map(str, shape))


def multiplied(contract, weights, x, numerics="silicon"):
    """What the kernel makes of plain matrices and y = 0: y [rows, outputs]."""
    _, *types = contract.symbol.split("_")
    sizes = MV_BLOCKS[tuple(types)]
    written = call(
        contract,
        {
            "weights": blocked(weights, sizes.rows, sizes.depth).reshape(-1),
            "x": blocked(x, sizes.columns, sizes.depth).reshape(-1),
            "y": np.zeros(len(weights) * len(x), contract.argument("y").dtype),
        },
        numerics,
    )["y"]
    return unblocked(written, len(weights), len(x), sizes.rows, sizes.columns).T


def bf16_operands(shape, seed):
    rng = np.random.default_rng(seed)
    m, k, n = shape
    return (rng.standard_normal((n, k)), rng.standard_normal((m, k)))


@pytest.mark.parametrize("shape", SHAPES, ids=by_name)
@given(seed=seeds)
def test_bf16_products_are_close(shape, seed):
    m, k, n = shape
    contract = mv("bf16", "f32", m, k, n)
    rng = np.random.default_rng(seed)
    given_values = {
        "weights": rng.standard_normal(n * k).astype(ml_dtypes.bfloat16),
        "x": rng.standard_normal(m * k).astype(ml_dtypes.bfloat16),
        "y": rng.standard_normal(m * n).astype(np.float32),
    }
    written = call(contract, given_values)["y"]
    verdict = judge(written, contract.reference(**given_values)["y"], contract.tolerance)
    assert verdict, str(verdict)


def skewed(rng, x):
    return x * 1.5 - 2


def one_loud_channel(rng, x):
    x[:, rng.integers(x.shape[1])] *= 50
    return x


def constant_rows(rng, x):
    return np.broadcast_to(x[:, :1], x.shape)


def largest_magnitudes(rng, x):
    return np.copysign(1e18, x)


def denormals(rng, x):
    return x * 1e-39


DISTRIBUTIONS = (skewed, one_loud_channel, constant_rows, largest_magnitudes, denormals)


@pytest.mark.parametrize("spread", DISTRIBUTIONS, ids=lambda spread: spread.__name__)
@given(seed=seeds)
def test_bf16_products_of_activations_as_they_are(spread, seed):
    """Weights of 1e8 keep running sums of denormals above the smallest normal number."""
    contract = mv("bf16", "f32", 8, 64, 32)
    weights, x = bf16_operands((8, 64, 32), seed)
    x = spread(np.random.default_rng(seed), x).astype(ml_dtypes.bfloat16)
    weights = (weights * 1e8).astype(ml_dtypes.bfloat16)
    expected = x.astype(np.float64) @ weights.astype(np.float64).T
    verdict = judge(multiplied(contract, weights, x), expected, contract.tolerance)
    assert verdict, str(verdict)


@given(seed=seeds)
def test_products_too_small_for_fp32_are_zero(seed):
    weights, x = (
        (operand * 1e-20).astype(ml_dtypes.bfloat16) for operand in bf16_operands((8, 64, 32), seed)
    )
    assert not multiplied(mv("bf16", "f32", 8, 64, 32), weights, x).any()


def test_zeros_give_zeros():
    weights, _ = bf16_operands((8, 64, 32), 0)
    x = np.zeros((8, 64), ml_dtypes.bfloat16)
    y = multiplied(mv("bf16", "f32", 8, 64, 32), weights.astype(ml_dtypes.bfloat16), x)
    assert not y.any()


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(seed=seeds)
def test_bf16_products_of_small_integers_are_exact(numerics, seed):
    rng = np.random.default_rng(seed)
    weights, x = rng.integers(-16, 17, (32, 64)), rng.integers(-16, 17, (8, 64))
    y = multiplied(
        mv("bf16", "f32", 8, 64, 32),
        weights.astype(ml_dtypes.bfloat16),
        x.astype(ml_dtypes.bfloat16),
        numerics,
    )
    np.testing.assert_array_equal(y, (x @ weights.T).astype(np.float32))


@given(seed=seeds, order=st.permutations(range(8)))
def test_rows_do_not_touch_each_other(seed, order):
    contract = mv("bf16", "f32", 8, 64, 32)
    weights, x = (v.astype(ml_dtypes.bfloat16) for v in bf16_operands((8, 64, 32), seed))
    np.testing.assert_array_equal(
        multiplied(contract, weights, x[order]), multiplied(contract, weights, x)[order]
    )


def test_unknown_types_are_refused_by_name():
    with pytest.raises(
        ValueError, match=r"^no product of rows from i8 to f32; there are bf16->f32$"
    ):
        mv("i8", "f32")


@pytest.mark.parametrize("rows", [0, 3, 20])
def test_rows_that_are_not_whole_blocks_are_refused(rows):
    with pytest.raises(
        ValueError,
        match=rf"^a product of {rows} rows in bf16; it takes multiples of 4 up to 16$",
    ):
        mv("bf16", "f32", rows)
