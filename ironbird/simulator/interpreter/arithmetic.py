"""The operations of core programs on Python numbers: the runtime's headers say what each means.

Integers are Python integers, signed and wrapped to their width; f32 and bf16 are `numpy.float32`
(a bf16 being one that bf16 can hold), f16 `numpy.float16`, f64 `numpy.float64`. Functions of `math`
come from the C library that the native simulator uses, so that their last bits agree.
"""

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

import numpy as np

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.simulator.integer_widths import bits_of

Number = int | bool | np.floating

_INT64 = ELEMENT_TYPES["i64"]
_LIBM = ctypes.CDLL(ctypes.util.find_library("m"))


def wrapped(element: ElementType, value: int) -> int | bool:
    """An integer of any size as `element` holds it."""
    if element.name == "i1":
        return bool(value & 1)
    bits = bits_of(element)
    low = value & ((1 << bits) - 1)
    return low - (1 << bits) if not element.is_unsigned and low >> (bits - 1) else low


def unsigned(element: ElementType, value: int) -> int:
    """The bits of an integer as a number."""
    return int(value) & ((1 << bits_of(element)) - 1)


def bfloat16_bits(value: np.float32) -> int:
    """Rounded to nearest-even; a NaN stays quiet."""
    word = int(np.float32(value).view(np.uint32))
    if np.isnan(value):
        return (word >> 16) | 0x40
    return ((word + 0x7FFF + (word >> 16 & 1)) >> 16) & 0xFFFF


def bfloat16_from_bits(bits: int) -> np.float32:
    """The number that 16 bits of bfloat16 are."""
    return np.uint32(bits << 16).view(np.float32)


def rounded(element: ElementType, value: float | np.floating) -> np.floating:
    """A float as `element` holds it."""
    match element.name:
        case "bf16":
            return bfloat16_from_bits(bfloat16_bits(np.float32(value)))
        case "f16":
            return np.float16(np.float32(value))
        case "f32":
            return np.float32(value)
        case _:
            return np.float64(value)


def wide(element: ElementType, value: Number) -> np.floating:
    """The type in which `element` computes."""
    return np.float64(value) if element.name == "f64" else np.float32(value)


def compute(name: str, source: ElementType, result: ElementType, operands: list[Number]) -> Number:
    """The result of one operation. `source` is the type of its last operand."""
    if name.startswith("cmpi_"):
        return _compare_integers(name[5:], source, *_signed(source, operands))
    if name.startswith("cmpf_"):
        return _compare_floats(name[5:], *operands)
    if name in _INTEGER:
        return wrapped(result, _INTEGER[name](result, *_signed(result, operands)))
    if name in _FLOAT:
        return rounded(result, _FLOAT[name](*(wide(result, each) for each in operands)))
    if name in _CHOOSING:
        return rounded(result, _CHOOSING[name](*operands))
    if name in _LIBRARY:
        return rounded(result, _library_function(name, result)(*operands))
    return _CONVERSIONS[name](source, result, operands[0])


def _signed(element: ElementType, operands: list[Number]) -> list[int]:
    """Integers as signed arithmetic has them: an i1 is 0 or -1."""
    return [-int(each) if element.name == "i1" else int(each) for each in operands]


def _compare_integers(predicate: str, source: ElementType, a: int, b: int) -> bool:
    if predicate.startswith("u"):
        a, b = unsigned(source, a), unsigned(source, b)
    return bool(_ORDER[predicate.removeprefix("s").removeprefix("u")](a, b))


def _compare_floats(predicate: str, a: Number, b: Number) -> bool:
    disordered = bool(np.isnan(a) or np.isnan(b))
    match predicate:
        case "false":
            return False
        case "true":
            return True
        case "ord":
            return not disordered
        case "uno":
            return disordered
        case _ if predicate.startswith("o"):
            return not disordered and bool(_ORDER[predicate[1:]](a, b))
        case _:
            return disordered or bool(_ORDER[predicate[1:]](a, b))


_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def _quotient(a: int, b: int) -> int:
    """Towards zero; 0 for a division by zero, as assumed."""
    if b == 0:
        return 0
    magnitude = abs(a) // abs(b)
    return magnitude if (a < 0) == (b < 0) else -magnitude


def _remainder(a: int, b: int) -> int:
    return a - _quotient(a, b) * b if b else 0


def _floor_quotient(t: ElementType, a: int, b: int) -> int:
    return _quotient(a, b) - (1 if _remainder(a, b) and (a < 0) != (b < 0) else 0)


def _ceil_quotient(t: ElementType, a: int, b: int) -> int:
    return _quotient(a, b) + (1 if _remainder(a, b) and (a < 0) == (b < 0) else 0)


def _shift(t: ElementType, b: int, shifted: Callable[[], int]) -> int:
    return shifted() if 0 <= b < bits_of(t) else 0


def _by_bits(function: Callable[[int, int], int]) -> Callable[[ElementType, int, int], int]:
    return lambda t, a, b: function(unsigned(t, a), unsigned(t, b))


_INTEGER: dict[str, Callable[..., int]] = {
    "addi": lambda t, a, b: a + b,
    "subi": lambda t, a, b: a - b,
    "muli": lambda t, a, b: a * b,
    "divsi": lambda t, a, b: _quotient(a, b),
    "remsi": lambda t, a, b: _remainder(a, b),
    "divui": _by_bits(_quotient),
    "remui": _by_bits(_remainder),
    "ceildivui": _by_bits(lambda a, b: _quotient(a, b) + (1 if _remainder(a, b) else 0)),
    "floordivsi": _floor_quotient,
    "ceildivsi": _ceil_quotient,
    "andi": lambda t, a, b: a & b,
    "ori": lambda t, a, b: a | b,
    "xori": lambda t, a, b: a ^ b,
    "shli": lambda t, a, b: _shift(t, b, lambda: a << b),
    "shrsi": lambda t, a, b: _shift(t, b, lambda: a >> b),
    "shrui": lambda t, a, b: _shift(t, b, lambda: unsigned(t, a) >> b),
    "maxsi": lambda t, a, b: max(a, b),
    "minsi": lambda t, a, b: min(a, b),
    "maxui": _by_bits(max),
    "minui": _by_bits(min),
    "absi": lambda t, a: abs(a),
    "ctlz": lambda t, a: bits_of(t) - unsigned(t, a).bit_length(),
    "cttz": lambda t, a: (unsigned(t, a) & -unsigned(t, a)).bit_length() - 1 if a else bits_of(t),
    "ctpop": lambda t, a: unsigned(t, a).bit_count(),
}

_FLOAT: dict[str, Callable[..., np.floating]] = {
    "addf": lambda a, b: a + b,
    "subf": lambda a, b: a - b,
    "mulf": lambda a, b: a * b,
    "divf": lambda a, b: a / b,
    "negf": lambda a: -a,
    "absf": lambda a: abs(a),
    "rsqrt": lambda a: type(a)(1) / np.sqrt(a),
    "sqrt": np.sqrt,
    "ceil": np.ceil,
    "floor": np.floor,
    "trunc": np.trunc,
    "roundeven": np.rint,
}

_CHOOSING: dict[str, Callable[..., np.floating]] = {
    "maxnumf": lambda a, b: b if np.isnan(a) else a if np.isnan(b) else a if a > b else b,
    "minnumf": lambda a, b: b if np.isnan(a) else a if np.isnan(b) else a if a < b else b,
    "maximumf": lambda a, b: _least(-a, -b, a, b),
    "minimumf": lambda a, b: _least(a, b, a, b),
}


def _least(x: np.floating, y: np.floating, a: Number, b: Number) -> Any:
    """`a` or `b`, as the lesser of `x` and `y` has it: NaN first, and -0 before +0."""
    if np.isnan(x) or np.isnan(y):
        return a if np.isnan(x) else b
    if x == y:
        return a if np.signbit(x) else b
    return a if x < y else b


# By C name; the second number is how many operands it takes.
_LIBRARY = {
    "cos": ("cos", 1),
    "erf": ("erf", 1),
    "exp": ("exp", 1),
    "exp2": ("exp2", 1),
    "log": ("log", 1),
    "log2": ("log2", 1),
    "sin": ("sin", 1),
    "tanh": ("tanh", 1),
    "round": ("round", 1),
    "powf": ("pow", 2),
    "remf": ("fmod", 2),
    "fma": ("fma", 3),
    "atan": ("atan", 1),
    "atan2": ("atan2", 2),
    "copysign": ("copysign", 2),
    "expm1": ("expm1", 1),
    "log10": ("log10", 1),
    "log1p": ("log1p", 1),
    "tan": ("tan", 1),
}


def _library_function(name: str, element: ElementType) -> Callable[..., float]:
    symbol, operand_count = _LIBRARY[name]
    is_double = element.name == "f64"
    number = ctypes.c_double if is_double else ctypes.c_float
    function = _LIBM[symbol if is_double else symbol + "f"]
    function.restype = number
    function.argtypes = [number] * operand_count
    return lambda *operands: function(*map(float, operands))


def _float_to_integer(result: ElementType, value: Number, low: int, high: int) -> int | bool:
    """Out of range saturates, NaN gives 0: as assumed."""
    number = float(value)
    if np.isnan(number):
        return 0
    if number <= low:
        return wrapped(result, low)
    return wrapped(result, high if number >= high else int(number))


def _to_signed(source: ElementType, result: ElementType, value: Number) -> Number:
    bits = bits_of(result)
    return _float_to_integer(result, value, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _to_unsigned(source: ElementType, result: ElementType, value: Number) -> Number:
    return _float_to_integer(result, value, 0, 2 ** bits_of(result) - 1)


def _signed_extension(source: ElementType, result: ElementType, value: Number) -> Number:
    return wrapped(result, -int(value) if source.name == "i1" else int(value))


def _zero_extension(source: ElementType, result: ElementType, value: Number) -> Number:
    return wrapped(result, unsigned(source, int(value)))


def _bitcast(source: ElementType, result: ElementType, value: Number) -> Number:
    return from_bits(result, to_bits(source, value))


def to_bits(element: ElementType, value: Number) -> int:
    """A number as it lies in memory, read as an unsigned integer."""
    match element.name:
        case "bf16":
            # Already a bfloat16, unless the program wrote it as a constant: its bits stay as they
            # are, those of a signalling NaN too, which rounding would make quiet.
            word = int(np.float32(value).view(np.uint32))
            return bfloat16_bits(np.float32(value)) if word & 0xFFFF else word >> 16
        case "f16":
            return int(np.float16(value).view(np.uint16))
        case "f32":
            return int(np.float32(value).view(np.uint32))
        case "f64":
            return int(np.float64(value).view(np.uint64))
        case _:
            return unsigned(element, int(value))


def from_bits(element: ElementType, bits: int) -> Number:
    """The number that lies in memory as `bits`."""
    match element.name:
        case "bf16":
            return bfloat16_from_bits(bits)
        case "f16":
            return np.uint16(bits).view(np.float16)
        case "f32":
            return np.uint32(bits).view(np.float32)
        case "f64":
            return np.uint64(bits).view(np.float64)
        case _:
            return wrapped(element, bits)


_CONVERSIONS: dict[str, Callable[[ElementType, ElementType, Number], Number]] = {
    "trunci": lambda source, result, value: wrapped(result, int(value)),
    "extsi": _signed_extension,
    "extui": _zero_extension,
    "index_cast": _signed_extension,
    "index_castui": _zero_extension,
    "extf": lambda source, result, value: rounded(result, value),
    "truncf": lambda source, result, value: rounded(result, value),
    "sitofp": lambda source, result, value: rounded(
        result, _integer_as_float(result, int(_signed_extension(source, _INT64, value)))
    ),
    "uitofp": lambda source, result, value: rounded(
        result, _integer_as_float(result, unsigned(source, int(value)))
    ),
    "fptosi": _to_signed,
    "fptoui": _to_unsigned,
    "bitcast": _bitcast,
}


def _integer_as_float(result: ElementType, value: int) -> np.floating:
    """Rounded once, to the type in which `result` computes."""
    integer = np.uint64(value) if value > 2**63 - 1 else np.int64(value)
    return integer.astype(np.float64 if result.name == "f64" else np.float32)
