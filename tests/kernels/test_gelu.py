"""GELU: every bfloat16 there is, and what is known of the function."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels import gelu_table
from aie_kernels.gelu_contracts import gelu_bf16, rounded_gelu
from aie_kernels.gelu_table import gelu_reference
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS, drawn, why_below_the_bar
from tests.kernels.library import call
from tests.strategies import finite_bfloat16

EVERY_BFLOAT16 = np.arange(1 << 16).astype(np.uint16).view(ml_dtypes.bfloat16)
EVERY_RANK = EVERY_BFLOAT16.view(np.uint16)
IS_FINITE = (EVERY_RANK & 0x7FFF) < 0x7F80
IS_NAN = (EVERY_RANK & 0x7FFF) > 0x7F80


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
def test_every_finite_bfloat16_gets_the_nearest(numerics):
    contract = gelu_bf16(1 << 16)
    result = call(contract, {"x": EVERY_BFLOAT16}, numerics)["y"][IS_FINITE]
    verdict = judge(result, rounded_gelu(EVERY_BFLOAT16[IS_FINITE]), contract.tolerance)
    assert verdict, str(verdict)


def test_infinities_and_nan():
    result = call(gelu_bf16(1 << 16), {"x": EVERY_BFLOAT16})["y"].view(np.uint16)
    assert result[0x7F80] == 0x7F80
    assert result[0xFF80] == 0x8000
    np.testing.assert_array_equal(result[IS_NAN], EVERY_RANK[IS_NAN])


def test_the_table_is_what_its_module_writes():
    assert gelu_table.HEADER.read_text() == gelu_table.header()


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_bar(name, seed):
    x = drawn(name, seed, 1024)
    result = call(gelu_bf16(1024), {"x": x})["y"]
    assert why_below_the_bar(result, gelu_reference(x)) is None


@given(values=st.data(), vectors=st.integers(1, 5))
def test_every_allowed_length_is_written_whole(values, vectors):
    contract = gelu_bf16(32 * vectors)
    x = values.draw(finite_bfloat16((32 * vectors,)))
    verdict = judge(call(contract, {"x": x})["y"], rounded_gelu(x), contract.tolerance)
    assert verdict, str(verdict)


@given(values=st.data())
def test_gelu_of_a_number_less_gelu_of_its_opposite_is_the_number(values):
    """x Phi(x) + x Phi(-x) = x, up to the rounding of both parts and of float64."""
    x = values.draw(finite_bfloat16((32,), largest=0x4300))
    forward, backward = (call(gelu_bf16(32), {"x": row})["y"].astype(np.float64) for row in (x, -x))
    np.testing.assert_allclose(forward - backward, x.astype(np.float64), rtol=2**-7, atol=2.4e-38)


def test_the_bar_can_fail():
    """The tanh form, which is refused, is not even inside the bar of one kernel."""
    x = np.full(64, -4.0)
    tanh_form = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    reason = why_below_the_bar(tanh_form.astype(ml_dtypes.bfloat16), gelu_reference(x))
    assert reason == "element 0 is -7.00951e-05, expected -0.000126685"
