"""Kernels on one run of elements, against numpy: shapes parametrised, values drawn."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.row_contracts import (
    add,
    passthrough_i32,
    reduce_max_i32,
    scale_i32,
    softmax_bf16,
    zero,
)
from ironbird.base.tolerance import judge
from tests.kernels.library import call
from tests.strategies import finite_bfloat16, integers, rank_of, seeded_bfloat16

NUMERICS = ("silicon", "fast")
LENGTHS = (16, 64, 1024)
factors = st.integers(-(2**31), 2**31 - 1)


def check(contract, given_values, numerics="silicon"):
    written = call(contract, given_values, numerics)
    expected = contract.reference(**{**poisons(contract), **given_values})
    for name, array in written.items():
        verdict = judge(array, np.asarray(expected[name]), contract.tolerance)
        assert verdict, f"{contract.symbol} {name}: {verdict}"
    return written


def poisons(contract):
    return {argument.name: argument.values[0] for argument in contract.arguments if argument.values}


@pytest.mark.parametrize("length", LENGTHS)
@given(seed=st.integers(0, 2**32 - 1))
def test_passthrough_copies(length, seed):
    x = np.random.default_rng(seed).integers(-(2**31), 2**31, length, dtype=np.int32)
    check(passthrough_i32(length), {"x": x})


@pytest.mark.parametrize("length", [16, 48])
@given(values=st.data())
def test_add_i32_wraps(length, values):
    x, y = (values.draw(integers(np.int32, (length,))) for _ in range(2))
    check(add("i32", length), {"x": x, "y": y})


@pytest.mark.parametrize("numerics", NUMERICS)
@given(values=st.data())
def test_add_bf16(numerics, values):
    contract = add("bf16", 32)
    largest = rank_of(contract.argument("x").largest)
    x, y = (values.draw(finite_bfloat16((32,), largest=largest)) for _ in range(2))
    check(contract, {"x": x, "y": y}, numerics)


@given(values=st.data())
def test_add_bf16_of_small_integers_is_exact(values):
    x, y = (values.draw(integers(np.int16, (32,), 64)).astype(ml_dtypes.bfloat16) for _ in range(2))
    total = call(add("bf16", 32), {"x": x, "y": y})["z"]
    np.testing.assert_array_equal(
        total.astype(np.float32), x.astype(np.float32) + y.astype(np.float32)
    )


@pytest.mark.parametrize("length", [16, 48])
@given(values=st.data(), factor=factors)
def test_scale_i32_wraps(length, values, factor):
    x = values.draw(integers(np.int32, (length,)))
    check(scale_i32(length), {"x": x, "factor": factor})


@pytest.mark.parametrize("length", [16, 48])
@given(values=st.data(), before=factors)
def test_reduce_max_i32(length, values, before):
    x = values.draw(integers(np.int32, (length,)))
    check(reduce_max_i32(length), {"x": x, "largest": np.array([before], np.int32)})


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("type_name", ["f32", "i32"])
def test_zero(type_name, length):
    written = check(zero(type_name, length), {})
    assert not np.signbit(written["y"]).any()


@pytest.mark.parametrize("numerics", NUMERICS)
@pytest.mark.parametrize("length", [32, 64, 1504])
@given(values=st.data(), scale=st.sampled_from((0.01, 1.0, 4.0, 30.0)))
def test_softmax(length, numerics, values, scale):
    x = values.draw(seeded_bfloat16((length,), scale=scale))
    written = check(softmax_bf16(length), {"x": x}, numerics)
    assert abs(written["y"].astype(np.float64).sum() - 1) < 0.01


@given(values=st.data())
def test_softmax_of_any_finite_row_in_its_domain(values):
    contract = softmax_bf16(32)
    largest = rank_of(contract.argument("x").largest)
    check(contract, {"x": values.draw(finite_bfloat16((32,), largest=largest))})


@given(values=st.data(), shift=st.integers(-100, 100))
def test_softmax_does_not_change_under_a_shift(values, shift):
    """Integers stay exact in bf16 here, so both rows have the same exponents bit for bit."""
    x = values.draw(integers(np.int16, (64,), 20))
    contract = softmax_bf16(64)
    rows = [call(contract, {"x": row.astype(ml_dtypes.bfloat16)})["y"] for row in (x, x + shift)]
    np.testing.assert_array_equal(rows[0].view(np.uint16), rows[1].view(np.uint16))


def test_softmax_of_a_row_of_padding_and_one_number_is_one():
    x = np.full(64, -3.3895314e38).astype(ml_dtypes.bfloat16)
    x[17] = 3
    shares = call(softmax_bf16(64), {"x": x})["y"].astype(np.float64)
    assert shares[17] == 1
    assert shares.sum() - shares[17] < 1e-30
