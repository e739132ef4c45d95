"""The arith casts: a core value as another type. Python has no operator for them.

Upstream writes both `trunci(type, value)` and `trunci(value, type)`; both are read. A target type
is a numpy dtype, an element type's name or an MLIR type.
"""

from typing import Any, TypeAlias

from xdsl.dialects import arith
from xdsl.ir import Attribute, Operation

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import scalar_type
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.mlir_types import BOOL, INDEX, element_of, mlir_type
from ironbird.iron.tracing import current_trace

Target: TypeAlias = Any


def index_cast(value: Any, to: Target = None) -> ScalarValue:
    """An index as an integer of type `to`, or an integer as an index."""
    if not isinstance(value, ScalarValue) and isinstance(to, ScalarValue):
        value, to = to, value
    target = INDEX if to is None else target_element(to)
    return _cast("index_cast", value, target, arith.IndexCastOp)


def trunci(to: Target, value: Any = None) -> ScalarValue:
    """The low bits of an integer."""
    return _either_order("trunci", to, value, arith.TruncIOp)


def extsi(to: Target, value: Any = None) -> ScalarValue:
    """A wider integer with the same sign."""
    return _either_order("extsi", to, value, arith.ExtSIOp)


def extui(to: Target, value: Any = None) -> ScalarValue:
    """A wider integer with zeros in front."""
    return _either_order("extui", to, value, arith.ExtUIOp)


def truncf(to: Target, value: Any = None) -> ScalarValue:
    """A narrower float, rounded to nearest even."""
    return _either_order("truncf", to, value, arith.TruncFOp)


def extf(to: Target, value: Any = None) -> ScalarValue:
    """A wider float of the same value."""
    return _either_order("extf", to, value, arith.ExtFOp)


def sitofp(to: Target, value: Any = None) -> ScalarValue:
    """A signed integer as a float."""
    return _either_order("sitofp", to, value, arith.SIToFPOp)


def uitofp(to: Target, value: Any = None) -> ScalarValue:
    """The bits of an integer, read without sign, as a float."""
    return _either_order("uitofp", to, value, arith.UIToFPOp)


def fptosi(to: Target, value: Any = None) -> ScalarValue:
    """A float as a signed integer, truncated towards zero."""
    return _either_order("fptosi", to, value, arith.FPToSIOp)


def fptoui(to: Target, value: Any = None) -> ScalarValue:
    """A float as the bits of an integer without sign, truncated towards zero."""
    return _either_order("fptoui", to, value, arith.FPToUIOp)


def bitcast(to: Target, value: Any = None) -> ScalarValue:
    """The same bits as another type of the same width."""
    return _either_order("bitcast", to, value, arith.BitcastOp)


def target_element(to: Target) -> ElementType:
    """The element type that an author writes as the target of a cast."""
    if isinstance(to, ElementType):
        return to
    if isinstance(to, str) and to in ELEMENT_TYPES:
        return ELEMENT_TYPES[to]
    if isinstance(to, Attribute):
        found = element_of(to)
        if found is not None:
            return found
    return scalar_type(to, of="an arith cast")


def _either_order(name: str, to: Target, value: Any, op: Any) -> ScalarValue:
    if isinstance(to, ScalarValue):
        to, value = value, to
    return _cast(name, value, target_element(to), op)


def _cast(name: str, value: Any, target: ElementType, op: Any) -> ScalarValue:
    if not isinstance(value, ScalarValue):
        raise DesignError(
            f"arith.{name} of {type(value).__name__}",
            at=author_line(),
            because="it takes a core value and a type",
            fix=f"arith.{name}(value, np.int16)",
        )
    why = _why_not(name, value.element, target)
    if why is not None:
        raise DesignError(
            f"arith.{name} from {value.element} to {target}", at=author_line(), because=why
        )
    made: Operation = op(value.ssa, mlir_type(target))
    return ScalarValue(current_trace(f"arith.{name}").emit(made).results[0])


def _why_not(name: str, source: ElementType, target: ElementType) -> str | None:
    """The first reason why a cast does not exist, or None if it does."""
    if source.is_unsigned or target.is_unsigned:
        return "arith operations are signless; unsigned elements can only be moved"
    if name == "index_cast":
        one_index = (source is INDEX) is not (target is INDEX)
        return None if one_index else "it casts between index and an integer type"
    if INDEX in (source, target):
        return "an index is cast with index_cast"
    from_float, to_float = _KINDS.get(name, (False, False))
    if name != "bitcast" and (source.is_float, target.is_float) != (from_float, to_float):
        kinds = ("an integer", "a float")
        return f"it casts {kinds[from_float]} to {kinds[to_float]}"
    wider = _bits(target) - _bits(source)
    if name.startswith("trunc") and wider >= 0:
        return f"{target} is not narrower than {source}"
    if name.startswith("ext") and wider <= 0:
        return f"{target} is not wider than {source}"
    if name == "bitcast" and wider:
        return "the widths differ"
    return None


# Whether a cast takes a float, and whether it gives one; the others take and give integers.
_KINDS = {
    "truncf": (True, True),
    "extf": (True, True),
    "sitofp": (False, True),
    "uitofp": (False, True),
    "fptosi": (True, False),
    "fptoui": (True, False),
}


def _bits(element: ElementType) -> int:
    return 1 if element is BOOL else element.bytes * 8
