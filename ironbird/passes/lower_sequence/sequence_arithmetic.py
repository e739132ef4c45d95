"""Arithmetic of a runtime sequence on numbers that are known: what MLIR makes of the same bits."""

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Operation, SSAValue

from ironbird.base.errors import DesignError
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of

_COMPUTED: dict[str, Callable[..., int]] = {
    "arith.addi": lambda a, b: a + b,
    "arith.subi": lambda a, b: a - b,
    "arith.muli": lambda a, b: a * b,
    "arith.divui": lambda a, b: a // b,
    "arith.divsi": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    "arith.floordivsi": lambda a, b: a // b,
    "arith.ceildivsi": lambda a, b: -(-a // b),
    "arith.remui": lambda a, b: a % b,
    "arith.remsi": lambda a, b: abs(a) % abs(b) * (1 if a >= 0 else -1),
    "arith.minsi": min,
    "arith.maxsi": max,
    "arith.shli": lambda a, b: a << b,
    "arith.shrui": lambda a, b: a >> b,
    "arith.andi": lambda a, b: a & b,
    "arith.ori": lambda a, b: a | b,
    "arith.xori": lambda a, b: a ^ b,
    "arith.index_cast": lambda a: a,
    "arith.index_castui": lambda a: a,
    "arith.extsi": lambda a: a,
    "arith.extui": lambda a: a,
    "arith.trunci": lambda a: a,
    "arith.select": lambda a, b, c: b if a else c,
}
_UNSIGNED = frozenset(
    {"arith.divui", "arith.remui", "arith.shrui", "arith.extui", "arith.index_castui"}
)
"""Operations that take their operands' bits for numbers without a sign."""

# Predicates of arith.cmpi by number (MLIR ArithBase.td): eq, ne, four signed, four unsigned.
_COMPARED: tuple[Callable[[int, int], bool], ...] = (
    *(lambda a, b: a == b, lambda a, b: a != b),
    *(2 * (lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b, lambda a, b: a >= b)),
)
_FIRST_UNSIGNED_PREDICATE = 6
_INDEX_BITS = 64


def computed(op: Operation, numbers: Sequence[int]) -> int | None:
    """The result of `op` on `numbers`, or None if it is no arithmetic that is known here.

    Raises DesignError for a division by zero.
    """
    if op.name == "arith.cmpi":
        predicate = number_of(op.properties["predicate"])
        if predicate >= _FIRST_UNSIGNED_PREDICATE:
            numbers = _without_sign(op, numbers)
        return int(_COMPARED[predicate](*numbers))
    compute = _COMPUTED.get(op.name)
    if compute is None:
        return None
    if op.name in _UNSIGNED:
        numbers = _without_sign(op, numbers)
    try:
        return _wrapped(compute(*numbers), op.results[0])
    except ZeroDivisionError:
        raise DesignError(
            f"{op.name} in the runtime sequence divides {numbers[0]} by 0", at=source_line_of(op)
        ) from None


def _without_sign(op: Operation, numbers: Sequence[int]) -> list[int]:
    return [
        number % 2 ** _bits(operand) for number, operand in zip(numbers, op.operands, strict=True)
    ]


def _wrapped(number: int, like: SSAValue) -> int:
    """What is left of `number` in the type of `like`, with a sign; a bool has none."""
    bits = _bits(like)
    number %= 2**bits
    return number - 2**bits if bits > 1 and number >= 2 ** (bits - 1) else number


def _bits(value: SSAValue) -> int:
    """The width of an integer; an index has that of the host."""
    return value.type.width.data if isinstance(value.type, IntegerType) else _INDEX_BITS
