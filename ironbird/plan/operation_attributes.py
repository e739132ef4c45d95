"""The attributes of an operation in a core, in the plan's vocabulary.

One function for each operation that has attributes of meaning; hints to a compiler (`fastmath`,
`overflowFlags`, `in_bounds`) are dropped. An operation that no table lists is refused.
"""

from collections.abc import Callable

import numpy as np
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    MemRefType,
    NoneAttr,
)
from xdsl.ir import Attribute
from xdsl.ir import Operation as MlirOperation

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.integers import RUN_TIME, number_of
from ironbird.plan.build_types import memory_view
from ironbird.plan.core_program import AttributeValue

Attributes = dict[str, AttributeValue]

# MLIR ArithBase.td, in the order of its enumerations.
INTEGER_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")
FLOAT_PREDICATES = (
    *("false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord"),
    *("ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true"),
)


def attributes_of(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """What `op` means beyond its operands, by attribute name."""
    if op.name in _PLAIN:
        return {}
    reader = _READERS.get(op.name)
    if reader is None:
        raise DesignError(
            f"{op.name} cannot run in a core",
            at=at,
            because="it is not among the operations that the plan of a core is made of",
        )
    return reader(op, at)


def _constant(op: MlirOperation, at: SourceLine | None) -> Attributes:
    value = op.properties["value"]
    match value:
        case IntegerAttr(type=IntegerType() as type_) if type_.width.data == 1:
            return {"value": value.value.data != 0}
        case IntegerAttr():
            return {"value": value.value.data}
        case FloatAttr():
            return {"value": value.value.data}
        case DenseIntOrFPElementsAttr():
            count = int(np.prod(value.get_shape(), dtype=np.int64))
            numbers = tuple(value.get_values())
            return {"value": numbers * count if len(numbers) == 1 else numbers}
        case _:
            raise DesignError(f"arith.constant {value} is not a number", at=at)


def _integer_comparison(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"predicate": INTEGER_PREDICATES[number_of(op.properties["predicate"])]}


def _float_comparison(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"predicate": FLOAT_PREDICATES[number_of(op.properties["predicate"])]}


def _index_switch(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"cases": _numbers(op.properties["cases"])}


def _conditional_branch(op: MlirOperation, at: SourceLine | None) -> Attributes:
    _, taken, not_taken = _numbers(op.properties["operandSegmentSizes"])
    return {"operand_counts": (taken, not_taken)}


def _switch(op: MlirOperation, at: SourceLine | None) -> Attributes:
    _, default_count, _ = _numbers(op.properties["operandSegmentSizes"])
    case_counts = _numbers(op.properties["case_operand_segments"])
    values = op.properties.get("case_values")
    cases: tuple[int, ...] = ()
    if isinstance(values, DenseIntOrFPElementsAttr):
        cases = tuple(int(value) for value in values.get_values())
        if len(cases) == 1:
            cases = cases * len(case_counts)
    return {"cases": cases, "operand_counts": (default_count, *case_counts)}


def _subview(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Run-time offsets are the operands behind the view; `steps` are their strides in elements."""
    _refuse_run_time(op, ("static_sizes", "static_strides"), at)
    strides = memory_view(op.operands[0].type, at).strides
    offsets = _numbers(op.properties["static_offsets"])
    static = sum(o * stride for o, stride in zip(offsets, strides, strict=True) if o != RUN_TIME)
    steps = tuple(s for offset, s in zip(offsets, strides, strict=True) if offset == RUN_TIME)
    return {"offset": static, "steps": steps}


def _reinterpret_cast(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Its one offset counts from the start of the buffer under the view, not from the view."""
    _refuse_run_time(op, ("static_sizes", "static_strides"), at)
    source = op.operands[0].type
    assert isinstance(source, MemRefType)
    if not isinstance(source.layout, NoneAttr):
        raise DesignError(
            f"{op.name} of a view that need not start where its buffer starts",
            at=at,
            because=f"the view is {source}",
            fix="memref.subview of the view",
        )
    (offset,) = _numbers(op.properties["static_offsets"])
    return {"offset": 0, "steps": (1,)} if offset == RUN_TIME else {"offset": offset, "steps": ()}


def _reduction(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"kind": str(op.properties["kind"].data)}  # type: ignore[attr-defined]


def _position(op: MlirOperation, at: SourceLine | None) -> Attributes:
    _refuse_run_time(op, ("static_position",), at)
    return {"position": _numbers(op.properties["static_position"])}


def _strided_slice(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {name: _numbers(_property(op, name)) for name in ("offsets", "sizes", "strides")}


def _refuse_run_time(op: MlirOperation, names: tuple[str, ...], at: SourceLine | None) -> None:
    for name in names:
        if RUN_TIME in _numbers(op.properties[name]):
            what = name.removeprefix("static_")
            raise DesignError(f"{op.name} has {what} that are known only at run time", at=at)


def _property(op: MlirOperation, name: str) -> Attribute:
    return op.properties[name] if name in op.properties else op.attributes[name]


def _numbers(attribute: Attribute) -> tuple[int, ...]:
    match attribute:
        case DenseArrayBase():
            return tuple(int(value) for value in attribute.get_values())
        case ArrayAttr():
            return tuple(number_of(value) for value in attribute)
        case _:
            raise TypeError(f"{attribute} is not a list of integers")


_PLAIN = frozenset(
    {
        *(f"arith.{name}" for name in ["addi", "subi", "muli", "divsi", "divui", "remsi", "remui"]),
        *(f"arith.{name}" for name in ["ceildivsi", "ceildivui", "floordivsi"]),
        *(f"arith.{name}" for name in ["andi", "ori", "xori", "shli", "shrsi", "shrui", "select"]),
        *(f"arith.{name}" for name in ["maxsi", "minsi", "maxui", "minui"]),
        *(f"arith.{name}" for name in ["addf", "subf", "mulf", "divf", "remf", "negf"]),
        *(f"arith.{name}" for name in ["maximumf", "minimumf", "maxnumf", "minnumf"]),
        *(f"arith.{name}" for name in ["extsi", "extui", "trunci", "extf", "truncf", "bitcast"]),
        *(f"arith.{name}" for name in ["sitofp", "uitofp", "fptosi", "fptoui"]),
        *(f"arith.{name}" for name in ["index_cast", "index_castui"]),
        *(
            f"math.{name}"
            for name in [
                "absf",
                "absi",
                "ceil",
                "cos",
                "erf",
                "exp",
                "exp2",
                "floor",
                "fma",
                "log",
                "log2",
            ]
        ),
        *(
            f"math.{name}"
            for name in ["powf", "round", "roundeven", "rsqrt", "sin", "sqrt", "tanh", "trunc"]
        ),
        *(
            f"index.{name}"
            for name in ["add", "sub", "mul", "divs", "divu", "rems", "remu", "maxs", "mins"]
        ),
        *(f"index.{name}" for name in ["casts", "castu"]),
        *("memref.load", "memref.store", "memref.cast", "memref.copy"),
        *("memref.collapse_shape", "memref.expand_shape"),
        *("scf.for", "scf.if", "scf.while", "scf.condition", "scf.yield", "cf.br"),
        *("vector.load", "vector.store", "vector.broadcast", "vector.fma", "vector.shape_cast"),
        *("aie.put_cascade", "aie.get_cascade", "aie.end", "func.return"),
        "builtin.unrealized_conversion_cast",
    }
)

_READERS: dict[str, Callable[[MlirOperation, SourceLine | None], Attributes]] = {
    "arith.constant": _constant,
    "index.constant": _constant,
    "arith.cmpi": _integer_comparison,
    "arith.cmpf": _float_comparison,
    "scf.index_switch": _index_switch,
    "cf.cond_br": _conditional_branch,
    "cf.switch": _switch,
    "memref.subview": _subview,
    "memref.reinterpret_cast": _reinterpret_cast,
    "vector.reduction": _reduction,
    "vector.extract": _position,
    "vector.insert": _position,
    "vector.extract_strided_slice": _strided_slice,
}
