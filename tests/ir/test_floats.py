"""Numbers as MLIR prints them, by the rules of LLVM's APFloat::toString."""

import math

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import AnyFloat, bf16, f16, f32, f64

from ironbird.ir.floats import float_text


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (0.0, f32, "0.000000e+00"),
        (-0.0, f32, "-0.000000e+00"),
        (1.5, bf16, "1.500000e+00"),
        (float(np.float32(math.pi)), f32, "3.14159274"),
        (float(np.float32(1e-5)), f32, "9.99999974E-6"),
        (float(ml_dtypes.bfloat16(1e-5)), bf16, "1.001360e-05"),
        (-math.inf, f32, "0xFF800000"),
        (math.nan, bf16, "0x7FC0"),
        (float(np.float32(16777216)), f32, "0x4B800000"),
        (float(np.float32(0.1)), f32, "1.000000e-01"),
        (float(np.float32(0.01)), f32, "0.00999999977"),
        (0.1, f64, "1.000000e-01"),
        (1 / 3, f64, "0.33333333333333331"),
        (65504.0, f16, "6.550400e+04"),
    ],
)
def test_a_number_prints_as_mlir_prints_it(value: float, type_: AnyFloat, text: str) -> None:
    assert float_text(value, type_) == text


@given(value=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_an_f32_reads_back_bit_for_bit(value: float) -> None:
    _check_reads_back(value, float_text(value, f32), np.float32)


@given(bits=st.integers(0, 0x7F7F))
def test_a_bf16_reads_back_bit_for_bit(bits: int) -> None:
    value = float(np.uint16(bits).view(ml_dtypes.bfloat16))
    _check_reads_back(value, float_text(value, bf16), ml_dtypes.bfloat16)


def _check_reads_back(value: float, text: str, dtype: type) -> None:
    if text.startswith("0x"):
        width = np.dtype(dtype).itemsize
        bits = np.array(int(text, 16), dtype=f"u{width}")
        assert float(bits.view(dtype)) == value
        return
    back = float(dtype(float(text)))
    assert back == value
    assert math.copysign(1, back) == math.copysign(1, value)
