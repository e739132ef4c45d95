"""Int8 GELU: equal to the bit, for every x and for the scales that fc1 needs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.gelu_contracts import gelu_i8, gelu_i8_results, gelu_i8_table
from aie_kernels.gelu_table import gelu_reference
from ironbird.base.errors import UsageError
from tests.kernels.library import call
from tests.strategies import integers

EVERY_INT8 = np.arange(-128, 128).astype(np.int8)
scales = st.floats(1e-4, 10)


def looked_up(x, results, numerics="silicon"):
    given_values = {"x": x, "table": gelu_i8_table(results)}
    return call(gelu_i8(x.size), given_values, numerics)["y"]


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(scale_in=scales, scale_out=scales)
def test_every_int8_gets_the_step_nearest_to_its_gelu(numerics, scale_in, scale_out):
    results = looked_up(EVERY_INT8, gelu_i8_results(scale_in, scale_out), numerics)
    exact = gelu_reference(EVERY_INT8 * scale_in) / scale_out
    assert np.abs(results - np.clip(exact, -128, 127)).max() <= 0.5


@given(values=st.data(), vectors=st.integers(1, 5))
def test_any_table_and_any_length(values, vectors):
    x = values.draw(integers(np.int8, (32 * vectors,)))
    results = values.draw(integers(np.int8, (256,)))
    np.testing.assert_array_equal(looked_up(x, results), results[x.astype(int) + 128])


def test_fc1_needs_its_own_scale():
    """At the scale of the seed, 1/128, an int8 ends at -1 and fc1's tail at -6 is cut off."""
    x = np.float64(-2.5)
    error = {
        steps: abs(
            gelu_i8_results(1 / steps, 1 / steps)[int(np.clip(np.rint(x * steps), -128, 127)) + 128]
            / steps
            - gelu_reference(x)
        )
        for steps in (128, 16)
    }
    assert error[128] > 0.14
    assert error[16] < 1 / 32


def test_a_wrong_scale_is_refused():
    with pytest.raises(
        UsageError,
        match=r"^scale_out of int8 GELU is nan\n"
        r"  because: a scale is what one step of an int8 stands for: positive and finite\n"
        r"  try: scale_out = the largest magnitude the tensor has, divided by 127$",
    ):
        gelu_i8_results(1.0, float("nan"))
