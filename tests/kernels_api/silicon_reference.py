"""The chip's arithmetic in exact Python integers: what the C++ host model is compared with.

Written from the published descriptions (AM020 ch4; aie_api; mlir-aie PR 3587 for the rounding
of bf16), independently of the C++: no floating point is used in here.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import ml_dtypes
import numpy as np

ROUNDING_MODES = (0, 1, 2, 3, 8, 9, 10, 11, 12, 13)
SATURATION_MODES = (0, 1, 3)


def rounded(value: Fraction, mode: int) -> int:
    """`value` to an integer by the mode of crRnd."""
    down = value.numerator // value.denominator
    rest = value - down
    half = Fraction(1, 2)
    up = {
        0: False,
        1: rest != 0,
        2: rest != 0 and value < 0,
        3: rest != 0 and value >= 0,
        8: rest > half,
        9: rest >= half,
        10: rest > half or (rest == half and value < 0),
        11: rest > half or (rest == half and value >= 0),
        12: rest > half or (rest == half and down % 2 == 1),
        13: rest > half or (rest == half and down % 2 == 0),
    }[mode]
    return down + int(up)


def wrapped(value: int, bits: int, signed: bool) -> int:
    low = value & ((1 << bits) - 1)
    return low - (1 << bits) if signed and low >> (bits - 1) else low


def saturated(value: int, bits: int, signed: bool, mode: int) -> int:
    """`value` in `bits` bits by the mode of crSat: wrapped, clamped, clamped symmetrically."""
    if mode == 0:
        return wrapped(value, bits, signed)
    high = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1
    low = 0 if not signed else (-high if mode == 3 else -high - 1)
    return min(max(value, low), high)


def srs(value: int, shift: int, bits: int, signed: bool, rounding: int, saturation: int) -> int:
    """Shift, round, saturate."""
    scaled = rounded(
        Fraction(value, 1 << shift) if shift >= 0 else Fraction(value << -shift), rounding
    )
    return saturated(scaled, bits, signed, saturation)


def float_value(bits: int) -> Fraction:
    """The value of finite binary32 bits."""
    exponent, mantissa = bits >> 23 & 255, bits & 0x7FFFFF
    magnitude = (mantissa | 0x800000 if exponent else mantissa) * Fraction(2) ** (
        max(exponent, 1) - 150
    )
    return -magnitude if bits >> 31 else magnitude


def narrow_bits(bits: int, mode: int) -> int:
    """binary32 bits to bfloat16 bits by the mode of crRnd."""
    sign, magnitude = bits >> 31, bits & 0x7FFFFFFF
    if magnitude > 0x7F800000:
        upper = bits >> 16
        return upper | 1 if upper & 0x7F == 0 else upper
    if magnitude == 0x7F800000:
        return bits >> 16
    # The modes speak of the value: round it in units of one place of the bfloat16.
    units = rounded(Fraction(-magnitude if sign else magnitude, 1 << 16), mode)
    return sign << 15 | abs(units)


def _float_addend(bits: int) -> tuple[int, int]:
    """(signed significand, exponent): the value is significand * 2^(exponent - 278)."""
    exponent, mantissa = bits >> 23 & 255, bits & 0x7FFFFF
    if exponent == 0 and mantissa == 0:
        return 0, 0
    magnitude = mantissa | 0x800000 if exponent else mantissa
    return (-magnitude if bits >> 31 else magnitude), max(exponent, 1) + 128


def _product_addend(a: int, b: int) -> tuple[int, int]:
    """The exact product of two bfloat16, in the same units; not normalised."""
    parts = []
    for bits in (a, b):
        exponent, mantissa = bits >> 7 & 255, bits & 127
        if exponent == 0 and mantissa == 0:
            return 0, 0
        parts.append((mantissa | 128 if exponent else mantissa, max(exponent, 1)))
    (mantissa_a, exponent_a), (mantissa_b, exponent_b) = parts
    magnitude = mantissa_a * mantissa_b << 9
    return (-magnitude if (a ^ b) & 0x8000 else magnitude), exponent_a + exponent_b + 1


def _nearest_even(value: Fraction) -> int:
    return rounded(value, 12)


def _sum(addends: Iterable[tuple[int, int]], keep_sign_of_underflow: bool) -> int:
    addends = list(addends)
    largest = max(exponent for _, exponent in addends)
    total = sum(
        _nearest_even(Fraction(significand, 1 << (largest - exponent)))
        for significand, exponent in addends
        if significand
    )
    if total == 0:
        return 0
    sign = int(total < 0) << 31
    magnitude = abs(total)
    leading = magnitude.bit_length() - 1
    significand = _nearest_even(Fraction(magnitude) * Fraction(2) ** (23 - leading))
    if significand >> 24:
        significand, leading = significand >> 1, leading + 1
    exponent = largest + leading - 23 - 128
    if exponent <= 0:
        return sign if keep_sign_of_underflow else 0
    if exponent >= 255:
        return sign | 0x7F800000
    return sign | exponent << 23 | significand & 0x7FFFFF


def mac_bits(accumulators: Sequence[int], a: Sequence[int], b: Sequence[int]) -> int:
    """One step of the bf16 multiplier: all accumulators plus all products, finite operands."""
    addends = [_float_addend(bits) for bits in accumulators]
    addends += [_product_addend(x, y) for x, y in zip(a, b, strict=True)]
    return _sum(addends, keep_sign_of_underflow=False)


def add_bits(a: int, b: int) -> int:
    """The accumulator adder, finite operands."""
    return _sum([_float_addend(a), _float_addend(b)], keep_sign_of_underflow=True)


def bits_of(values: np.ndarray) -> np.ndarray:
    """float32 or bfloat16 as unsigned bits."""
    return values.view(np.uint32 if values.dtype == np.float32 else np.uint16)


def bfloat16_of(bits: object) -> np.ndarray:
    return np.asarray(bits, np.uint16).view(ml_dtypes.bfloat16)
