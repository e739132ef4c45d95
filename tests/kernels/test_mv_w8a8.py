"""A few rows times weights, both int8 with scales, against numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.mv_w8a8_contracts import (
    W8A8_BLOCKS,
    mv_i8_i32,
    mv_scale_i32_f32,
    packed_tile,
    unpacked_tile,
)
from ironbird.base.tolerance import judge
from tests.kernels.library import call

SHAPES = ((8, 8, 16), (16, 72, 48))
seeds = st.integers(0, 2**32 - 1)


def drawn(rng, rows, depth, block_rows, magnitude=1.0):
    numbers = rng.integers(-128, 128, (rows, depth), np.int8)
    scales = (rng.uniform(0.5, 2, rows) * magnitude).astype(np.float32)
    return packed_tile(numbers, scales, block_rows)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "x".join(map(str, shape)))
@given(seed=seeds)
def test_sums_are_exact(shape, seed):
    m, k, n = shape
    contract = mv_i8_i32(m, k, n)
    rng = np.random.default_rng(seed)
    given_values = {
        "weights": drawn(rng, n, k, W8A8_BLOCKS.rows),
        "x": drawn(rng, m, k, W8A8_BLOCKS.columns),
        "sums": rng.integers(-(2**31), 2**31, m * n).astype(np.int32),
    }
    written = call(contract, given_values)["sums"]
    assert judge(written, contract.reference(**given_values)["sums"], contract.tolerance)


@pytest.mark.parametrize("value", [-128, 127, 0])
def test_sums_of_the_extremes_are_exact(value):
    weights = packed_tile(np.full((16, 8), value), np.ones(16), W8A8_BLOCKS.rows)
    x = packed_tile(np.full((8, 8), value), np.ones(8), W8A8_BLOCKS.columns)
    sums = call(mv_i8_i32(8, 8, 16), {"weights": weights, "x": x, "sums": np.zeros(128, np.int32)})
    assert (sums["sums"] == 8 * value * value).all()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "x".join(map(str, shape)))
@given(
    seed=seeds,
    bits=st.integers(1, 32),
    exponents=st.tuples(st.integers(-12, 11), st.integers(-12, 11)),
)
def test_scaled_sums_are_close(shape, seed, bits, exponents):
    m, k, n = shape
    contract = mv_scale_i32_f32(m, k, n)
    rng = np.random.default_rng(seed)
    of_weights, of_x = (2 * 10.0**exponent for exponent in exponents)
    given_values = {
        "sums": rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), m * n).astype(np.int32),
        "weights": drawn(rng, n, k, W8A8_BLOCKS.rows, of_weights),
        "x": drawn(rng, m, k, W8A8_BLOCKS.columns, of_x),
    }
    written = call(contract, given_values)["y"]
    verdict = judge(written, contract.reference(**given_values)["y"], contract.tolerance)
    assert verdict, str(verdict)


@given(seed=seeds, power=st.integers(-8, 8))
def test_scales_that_are_powers_of_two_are_exact(seed, power):
    """Sums of 24 bits are floats as they stand."""
    rng = np.random.default_rng(seed)
    sums = rng.integers(-(2**23), 2**23, 128).astype(np.int32)
    weights = packed_tile(np.zeros((16, 8)), np.full(16, 2.0**power), W8A8_BLOCKS.rows)
    x = packed_tile(np.zeros((8, 8)), np.full(8, 0.25), W8A8_BLOCKS.columns)
    y = call(mv_scale_i32_f32(8, 8, 16), {"sums": sums, "weights": weights, "x": x})["y"]
    np.testing.assert_array_equal(y, sums * 2.0 ** (power - 2))


def test_packing_is_undone():
    rng = np.random.default_rng(1)
    numbers = rng.integers(-128, 128, (16, 24), np.int8)
    scales = rng.uniform(0, 1, 16).astype(np.float32)
    for block_rows in (4, 8):
        back = unpacked_tile(packed_tile(numbers, scales, block_rows), 16, 24, block_rows)
        np.testing.assert_array_equal(back[0], numbers)
        np.testing.assert_array_equal(back[1], scales)


@pytest.mark.parametrize("contract", [mv_i8_i32, mv_scale_i32_f32])
@pytest.mark.parametrize("rows", [0, 4, 24])
def test_rows_that_are_not_whole_blocks_are_refused(contract, rows):
    with pytest.raises(
        ValueError, match=rf"^a product of {rows} rows in i8; it takes multiples of 8 up to 16$"
    ):
        contract(rows)
