"""The arith operations that Python has no operator for: casts, select, minimum and maximum.

Programs import them as `aie.extras.dialects.arith`. Each takes core values and returns one; a
target type is a numpy dtype or an element type's name.
"""

from typing import Any, TypeAlias

from xdsl.dialects import arith
from xdsl.ir import Attribute, Operation

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import scalar_type
from ironbird.iron.core_values import ScalarValue, refuse_unsigned, scalar_of
from ironbird.iron.mlir_types import BOOL, INDEX, element_of, mlir_type
from ironbird.iron.tracing import current_trace

Target: TypeAlias = Any


def constant(value: float, type: Target = None, index: bool = False) -> ScalarValue:
    """A number as a core value; i32 or f32 unless `type` or `index` says otherwise."""
    if index:
        element = INDEX
    elif type is not None:
        element = _target(type)
    else:
        element = ELEMENT_TYPES["f32" if isinstance(value, float) else "i32"]
    return scalar_of(value, element, what="arith.constant")


def index_cast(value: ScalarValue, to: Target = None) -> ScalarValue:
    """An index as an integer of type `to`, or an integer as an index."""
    target = INDEX if to is None else _target(to)
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


def bitcast(to: Target, value: Any = None) -> ScalarValue:
    """The same bits as another type of the same width."""
    return _either_order("bitcast", to, value, arith.BitcastOp)


def select(condition: ScalarValue, true_value: Any, false_value: Any) -> ScalarValue:
    """`true_value` where the condition holds, else `false_value`; both are computed."""
    chosen = scalar_of(condition, BOOL, what="the condition of arith.select")
    first, second = _same_type("arith.select", true_value, false_value)
    op = arith.SelectOp(chosen.ssa, first.ssa, second.ssa)
    return ScalarValue(current_trace("arith.select").emit(op).results[0])


def minsi(left: Any, right: Any) -> ScalarValue:
    """The smaller of two signed integers."""
    return _binary("arith.minsi", left, right, arith.MinSIOp, floats=False)


def maxsi(left: Any, right: Any) -> ScalarValue:
    """The larger of two signed integers."""
    return _binary("arith.maxsi", left, right, arith.MaxSIOp, floats=False)


def minimumf(left: Any, right: Any) -> ScalarValue:
    """The smaller of two floats; NaN if either is."""
    return _binary("arith.minimumf", left, right, arith.MinimumfOp, floats=True)


def maximumf(left: Any, right: Any) -> ScalarValue:
    """The larger of two floats; NaN if either is."""
    return _binary("arith.maximumf", left, right, arith.MaximumfOp, floats=True)


def _binary(what: str, left: Any, right: Any, op: Any, *, floats: bool) -> ScalarValue:
    a, b = _same_type(what, left, right)
    if a.element.is_float is not floats:
        raise DesignError(
            f"{what} of {a.element} values",
            at=author_line(),
            because=f"it takes {'floats' if floats else 'integers'}",
        )
    return ScalarValue(current_trace(what).emit(op(a.ssa, b.ssa)).results[0])


def _same_type(what: str, left: Any, right: Any) -> tuple[ScalarValue, ScalarValue]:
    typed = next((side for side in (left, right) if isinstance(side, ScalarValue)), None)
    if typed is None:
        raise DesignError(f"{what} of two Python numbers", at=author_line(), fix="plain Python")
    refuse_unsigned(typed.element, what)
    a, b = (scalar_of(side, typed.element, what=what) for side in (left, right))
    return a, b


def _either_order(name: str, to: Target, value: Any, op: Any) -> ScalarValue:
    """Upstream writes both `trunci(type, value)` and `trunci(value, type)`."""
    if isinstance(to, ScalarValue):
        to, value = value, to
    if not isinstance(value, ScalarValue):
        raise DesignError(
            f"arith.{name} of {type(value).__name__}",
            at=author_line(),
            because="it takes a core value and a type",
            fix=f"arith.{name}(value, np.int16)",
        )
    return _cast(name, value, _target(to), op)


def _cast(name: str, value: ScalarValue, target: ElementType, op: Any) -> ScalarValue:
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
    wants_float = {"truncf": (True, True), "extf": (True, True), "sitofp": (False, True)}
    wants_float |= {"uitofp": (False, True), "fptosi": (True, False)}
    wanted = wants_float.get(name, (False, False))
    if name != "bitcast" and (source.is_float, target.is_float) != wanted:
        kinds = ("an integer", "a float")
        return f"it casts {kinds[wanted[0]]} to {kinds[wanted[1]]}"
    wider = _bits(target) - _bits(source)
    if name.startswith("trunc") and wider >= 0:
        return f"{target} is not narrower than {source}"
    if name.startswith("ext") and wider <= 0:
        return f"{target} is not wider than {source}"
    if name == "bitcast" and wider:
        return "the widths differ"
    return None


def _bits(element: ElementType) -> int:
    return 1 if element is BOOL else element.bytes * 8


def _target(to: Target) -> ElementType:
    if isinstance(to, ElementType):
        return to
    if isinstance(to, str) and to in ELEMENT_TYPES:
        return ELEMENT_TYPES[to]
    if isinstance(to, Attribute):
        found = element_of(to)
        if found is not None:
            return found
    return scalar_type(to, of="an arith cast")
