"""The arith operations by name, for what Python has no operator: unsigned, minimum, select, casts.

Programs import them as `aie.extras.dialects.arith` and `aie.dialects.arith`. Each takes core
values, or one core value and a Python number, and returns a core value.
"""

from collections.abc import Callable
from typing import Any

from xdsl.dialects import arith

from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.upstream.arith_texts import RemFOp
from ironbird.iron.core_casts import (
    Target,
    bitcast,
    extf,
    extsi,
    extui,
    fptosi,
    fptoui,
    index_cast,
    sitofp,
    target_element,
    truncf,
    trunci,
    uitofp,
)
from ironbird.iron.core_values import ScalarValue, is_number, refuse_unsigned, scalar_of
from ironbird.iron.mlir_types import BOOL, INDEX
from ironbird.iron.tracing import current_trace

BinaryFunction = Callable[[Any, Any], ScalarValue]

# In the order of MLIR's ArithBase.td, where the place in the list is the number.
INTEGER_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")
FLOAT_PREDICATES = (
    *("false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord"),
    *("ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true"),
)


def constant(value: Any, type: Target = None, index: bool = False) -> ScalarValue:
    """A number as a core value; i32 or f32 unless `type` or `index` says otherwise.

    `constant(type, number)`, the order of the generated operation, is read as well.
    """
    if not is_number(value) and is_number(type):
        value, type = type, value
    if index:
        element = INDEX
    elif type is not None:
        element = target_element(type)
    else:
        element = ELEMENT_TYPES["f32" if isinstance(value, float) else "i32"]
    return scalar_of(value, element, what="arith.constant")


def select(condition: Any, true_value: Any, false_value: Any) -> ScalarValue:
    """`true_value` where the condition holds, else `false_value`; both are computed."""
    chosen = scalar_of(condition, BOOL, what="the condition of arith.select")
    first, second = _same_type("arith.select", true_value, false_value)
    op = arith.SelectOp(chosen.ssa, first.ssa, second.ssa)
    return ScalarValue(current_trace("arith.select").emit(op).results[0])


def cmpi(predicate: str | int, left: Any, right: Any) -> ScalarValue:
    """A comparison of integers: `cmpi("ult", a, b)`."""
    what = "arith.cmpi"
    word = _predicate(what, predicate, INTEGER_PREDICATES)
    a, b = of_kind(what, left, right, floats=False)
    return ScalarValue(current_trace(what).emit(arith.CmpiOp(a.ssa, b.ssa, word)).results[0])


def cmpf(predicate: str | int, left: Any, right: Any) -> ScalarValue:
    """A comparison of floats: `cmpf("ugt", a, b)`; `o` is false if either is NaN, `u` true."""
    what = "arith.cmpf"
    word = _predicate(what, predicate, FLOAT_PREDICATES)
    a, b = of_kind(what, left, right, floats=True)
    return ScalarValue(current_trace(what).emit(arith.CmpfOp(a.ssa, b.ssa, word)).results[0])


def negf(value: ScalarValue) -> ScalarValue:
    """A float with the other sign."""
    (operand,) = of_kind("arith.negf", value, floats=True)
    return -operand


def _named(name: str, op: Any, *, floats: bool) -> BinaryFunction:
    what = f"arith.{name}"

    def function(lhs: Any, rhs: Any) -> ScalarValue:
        a, b = of_kind(what, lhs, rhs, floats=floats)
        return ScalarValue(current_trace(what).emit(op(a.ssa, b.ssa)).results[0])

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`{what}` of two {'floats' if floats else 'integers'} of one type."
    return function


addi = _named("addi", arith.AddiOp, floats=False)
subi = _named("subi", arith.SubiOp, floats=False)
muli = _named("muli", arith.MuliOp, floats=False)
divsi = _named("divsi", arith.DivSIOp, floats=False)
divui = _named("divui", arith.DivUIOp, floats=False)
remsi = _named("remsi", arith.RemSIOp, floats=False)
remui = _named("remui", arith.RemUIOp, floats=False)
floordivsi = _named("floordivsi", arith.FloorDivSIOp, floats=False)
ceildivsi = _named("ceildivsi", arith.CeilDivSIOp, floats=False)
ceildivui = _named("ceildivui", arith.CeilDivUIOp, floats=False)
andi = _named("andi", arith.AndIOp, floats=False)
ori = _named("ori", arith.OrIOp, floats=False)
xori = _named("xori", arith.XOrIOp, floats=False)
shli = _named("shli", arith.ShLIOp, floats=False)
shrsi = _named("shrsi", arith.ShRSIOp, floats=False)
shrui = _named("shrui", arith.ShRUIOp, floats=False)
minsi = _named("minsi", arith.MinSIOp, floats=False)
maxsi = _named("maxsi", arith.MaxSIOp, floats=False)
minui = _named("minui", arith.MinUIOp, floats=False)
maxui = _named("maxui", arith.MaxUIOp, floats=False)
addf = _named("addf", arith.AddfOp, floats=True)
subf = _named("subf", arith.SubfOp, floats=True)
mulf = _named("mulf", arith.MulfOp, floats=True)
divf = _named("divf", arith.DivfOp, floats=True)
remf = _named("remf", RemFOp, floats=True)
# NaN if either is; the `num` ones take the other number instead.
minimumf = _named("minimumf", arith.MinimumfOp, floats=True)
maximumf = _named("maximumf", arith.MaximumfOp, floats=True)
minnumf = _named("minnumf", arith.MinnumfOp, floats=True)
maxnumf = _named("maxnumf", arith.MaxnumfOp, floats=True)


def of_kind(what: str, *values: Any, floats: bool) -> tuple[ScalarValue, ...]:
    """`values` in one type, which is a float type or is not."""
    operands = _same_type(what, *values)
    if operands[0].element.is_float is not floats:
        raise DesignError(
            f"{what} of {operands[0].element} values",
            at=author_line(),
            because=f"it takes {'floats' if floats else 'integers'}",
        )
    return operands


def _same_type(what: str, *values: Any) -> tuple[ScalarValue, ...]:
    """`values` in the type of the first that has one."""
    typed = next((each for each in values if isinstance(each, ScalarValue)), None)
    if typed is None:
        count = {1: "a Python number", 2: "two Python numbers"}.get(len(values), "Python numbers")
        raise DesignError(f"{what} of {count}", at=author_line(), fix="plain Python")
    refuse_unsigned(typed.element, what)
    return tuple(scalar_of(each, typed.element, what=what) for each in values)


def _predicate(what: str, predicate: str | int, words: tuple[str, ...]) -> str:
    if isinstance(predicate, int) and 0 <= predicate < len(words):
        return words[predicate]
    if predicate in words:
        return str(predicate)
    raise DesignError(
        f"{what} with the predicate {predicate!r}",
        at=author_line(),
        because=f"there are {', '.join(words)}",
    )


__all__ = [
    "Target",
    "addf",
    "addi",
    "andi",
    "bitcast",
    "ceildivsi",
    "ceildivui",
    "cmpf",
    "cmpi",
    "constant",
    "divf",
    "divsi",
    "divui",
    "extf",
    "extsi",
    "extui",
    "floordivsi",
    "fptosi",
    "fptoui",
    "index_cast",
    "maximumf",
    "maxnumf",
    "maxsi",
    "maxui",
    "minimumf",
    "minnumf",
    "minsi",
    "minui",
    "mulf",
    "muli",
    "negf",
    "ori",
    "remf",
    "remsi",
    "remui",
    "select",
    "shli",
    "shrsi",
    "shrui",
    "sitofp",
    "subf",
    "subi",
    "truncf",
    "trunci",
    "uitofp",
    "xori",
]
