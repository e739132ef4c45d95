"""Int8 LayerNorm: within rounding of float64 on realistic rows, at real scales."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.layer_norm_contracts import layer_norm_i8, layer_norm_i8_steps
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import judge
from tests.kernels.distributions import DISTRIBUTIONS
from tests.kernels.library import call
from tests.strategies import integers

SCALES = {"x": 1 / 24, "gain": 1 / 64, "bias": 1 / 64, "y": 1 / 32}
seeds = st.integers(0, 2**32 - 1)


def check(packed, steps, numerics="silicon"):
    contract = layer_norm_i8(packed.size // 3)
    given_values = {"packed": packed, "steps": steps}
    result = call(contract, given_values, numerics)["y"]
    verdict = judge(result, contract.reference(**given_values)["y"], contract.tolerance)
    assert verdict, str(verdict)
    return result


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@pytest.mark.parametrize("name", DISTRIBUTIONS)
@given(seed=seeds)
def test_realistic_rows(name, numerics, seed):
    rng = np.random.default_rng(seed)
    row = DISTRIBUTIONS[name](rng, 256)
    scale = max(float(np.abs(row).max()) / 127, 1e-6)
    gain = 1 + 0.2 * rng.standard_normal(256)
    bias = 0.3 * rng.standard_normal(256)
    packed = np.concatenate([row / scale, gain * 64, bias * 64]).round().clip(-128, 127)
    check(packed.astype(np.int8), layer_norm_i8_steps(**{**SCALES, "x": scale}), numerics)


@given(values=st.data(), vectors=st.integers(1, 8), steps=st.tuples(*[st.floats(1e-3, 1)] * 3))
def test_any_row_of_every_allowed_length(values, vectors, steps):
    packed = values.draw(integers(np.int8, (3 * 32 * vectors,)))
    check(packed, np.array([*steps, 0], np.float32))


@given(values=st.data())
def test_a_shift_of_the_row_falls_out(values):
    """Sums are exact integers, but the mean is rounded: half a step may tip over."""
    x, gain, bias = (values.draw(integers(np.int8, (64,), 60)) for _ in range(3))
    steps = layer_norm_i8_steps(**SCALES)
    rows = [check(np.concatenate([x + shift, gain, bias]), steps) for shift in (0, 60)]
    assert np.abs(rows[0].astype(int) - rows[1].astype(int)).max() <= 1


def test_a_constant_row_is_the_bias():
    packed = np.concatenate([np.full(256, -77), np.full(256, 100), np.arange(-128, 128)])
    result = check(packed.astype(np.int8), layer_norm_i8_steps(x=1, gain=0.1, bias=0.5, y=0.5))
    np.testing.assert_array_equal(result, np.arange(-128, 128))


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_wrong_scales_are_refused(scale):
    message = (
        f"the scale of gain of int8 LayerNorm is {scale}\n"
        "  because: a scale is what one step of an int8 stands for: positive and finite\n"
        "  try: the largest magnitude the tensor has, divided by 127"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        layer_norm_i8_steps(**{**SCALES, "gain": scale})


def test_a_gain_coarser_than_the_result_is_refused():
    message = (
        "the scale of gain of int8 LayerNorm is 0.5, that of y 0.03125\n"
        "  because: a step of gain may be at most one of y for the rounding to hold\n"
        "  try: a finer gain or a coarser y"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        layer_norm_i8_steps(**{**SCALES, "gain": 0.5})
