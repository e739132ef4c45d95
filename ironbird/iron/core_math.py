"""The functions of `math` on core values. Programs import them as `aie.dialects.math`.

A core has none of them in hardware: upstream's compiler emulates some and fails to link others.
Here each is the C library's, on floats narrower than f32 computed in f32 and rounded once.
"""

from collections.abc import Callable
from typing import Any

from xdsl.dialects import math as mlir_math

from ironbird.iron.core_arith import of_kind
from ironbird.iron.core_values import ScalarValue
from ironbird.iron.tracing import current_trace


def absi(operand: ScalarValue) -> ScalarValue:
    """The magnitude of an integer; the least one keeps its sign."""
    (value,) = of_kind("math.absi", operand, floats=False)
    return abs(value)


def _named(name: str, op: Any) -> Callable[..., ScalarValue]:
    what = f"math.{name}"

    def function(*operands: Any) -> ScalarValue:
        values = [value.ssa for value in of_kind(what, *operands, floats=True)]
        return ScalarValue(current_trace(what).emit(op(*values)).results[0])

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`{what}` of floats of one type."
    return function


absf = _named("absf", mlir_math.AbsFOp)
atan = _named("atan", mlir_math.AtanOp)
atan2 = _named("atan2", mlir_math.Atan2Op)
ceil = _named("ceil", mlir_math.CeilOp)
copysign = _named("copysign", mlir_math.CopySignOp)
cos = _named("cos", mlir_math.CosOp)
erf = _named("erf", mlir_math.ErfOp)
exp = _named("exp", mlir_math.ExpOp)
exp2 = _named("exp2", mlir_math.Exp2Op)
expm1 = _named("expm1", mlir_math.ExpM1Op)
floor = _named("floor", mlir_math.FloorOp)
fma = _named("fma", mlir_math.FmaOp)
log = _named("log", mlir_math.LogOp)
log10 = _named("log10", mlir_math.Log10Op)
log1p = _named("log1p", mlir_math.Log1pOp)
log2 = _named("log2", mlir_math.Log2Op)
powf = _named("powf", mlir_math.PowFOp)
round = _named("round", mlir_math.RoundOp)
roundeven = _named("roundeven", mlir_math.RoundEvenOp)
rsqrt = _named("rsqrt", mlir_math.RsqrtOp)
sin = _named("sin", mlir_math.SinOp)
sqrt = _named("sqrt", mlir_math.SqrtOp)
tan = _named("tan", mlir_math.TanOp)
tanh = _named("tanh", mlir_math.TanhOp)
trunc = _named("trunc", mlir_math.TruncOp)

__all__ = [
    "absf",
    "absi",
    "atan",
    "atan2",
    "ceil",
    "copysign",
    "cos",
    "erf",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "fma",
    "log",
    "log1p",
    "log2",
    "log10",
    "powf",
    "round",
    "roundeven",
    "rsqrt",
    "sin",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
]
