"""Floating-point numbers as MLIR prints them.

Six digits in exponential form where that reads back as the same number, else as many digits as the
type can need, else the bits in hexadecimal. LLVM cuts digits off before it rounds, so the nearest
decimal is not always what appears: 1e-5 as f32 prints as 9.99999974E-6.

Source of the rules: mlir/lib/IR/AsmPrinter.cpp (printFloatValue) and
llvm/lib/Support/APFloat.cpp (APFloat::toString).
"""

import math
from typing import Any

from xdsl.dialects.builtin import (
    AnyFloat,
    BFloat16Type,
    Float16Type,
    Float32Type,
    Float64Type,
)

_SHORT_DIGITS = 6
_MAX_PADDING = 3
_PRECISION_BITS: dict[type[Any], int] = {
    BFloat16Type: 8,
    Float16Type: 11,
    Float32Type: 24,
    Float64Type: 53,
}


def float_text(value: float, type_: AnyFloat) -> str:
    """The text of `value`, which must be a value of the type."""
    precision = _PRECISION_BITS.get(type(type_))
    if math.isfinite(value) and precision is not None:
        short = _short_text(value)
        if _reads_back(short, value, type_):
            return short
        exact = _exact_text(value, 2 + precision * 59 // 196)
        if "." in exact:
            return exact
    return "0x" + type_.pack((value,))[::-1].hex().upper()


def _reads_back(text: str, value: float, type_: AnyFloat) -> bool:
    try:
        back = type_.unpack(type_.pack((float(text),)), 1)[0]
    except OverflowError:
        return False
    return back == value


def _short_text(value: float) -> str:
    sign = "-" if math.copysign(1, value) < 0 else ""
    if value == 0:
        return f"{sign}0.000000e+00"
    digits, exponent = _decimal_digits(abs(value), _SHORT_DIGITS)
    leading = exponent + len(digits) - 1
    return f"{sign}{digits[0]}.{digits[1:].ljust(_SHORT_DIGITS, '0')}e{leading:+03d}"


def _exact_text(value: float, max_digits: int) -> str:
    """Plain digits, or with an exponent where they would need more than three zeros."""
    sign = "-" if value < 0 else ""
    digits, exponent = _decimal_digits(abs(value), max_digits)
    leading = exponent + len(digits) - 1
    if exponent >= 0:
        scientific = exponent > _MAX_PADDING or len(digits) + exponent > max_digits
    else:
        scientific = leading < 0 and -leading > _MAX_PADDING
    if scientific:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{leading:+d}"
    if exponent >= 0:
        return sign + digits + "0" * exponent
    if leading >= 0:
        return f"{sign}{digits[: leading + 1]}.{digits[leading + 1 :]}"
    return f"{sign}0.{'0' * (-leading - 1)}{digits}"


def _decimal_digits(value: float, max_digits: int) -> tuple[str, int]:
    """(digits, exponent) with value about digits * 10**exponent; no zero at the end."""
    numerator, denominator = value.as_integer_ratio()
    exponent = -(denominator.bit_length() - 1)
    significand = numerator * 5**-exponent
    # 196/59 is LLVM's estimate of log2(10); this cuts, it does not round.
    surplus_bits = significand.bit_length() - (max_digits * 196 + 58) // 59
    surplus_digits = max(0, surplus_bits * 59 // 196)
    significand //= 10**surplus_digits
    exponent += surplus_digits
    digits = str(significand)
    dropped = len(digits) - max_digits
    if dropped > 0:
        digits = str((significand + 5 * 10 ** (dropped - 1)) // 10**dropped)
        exponent += dropped
    stripped = digits.rstrip("0")
    return stripped, exponent + len(digits) - len(stripped)
