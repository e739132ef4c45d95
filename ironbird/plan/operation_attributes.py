"""The attributes of an operation in a core, in the plan's vocabulary.

One function for each operation that has attributes of meaning; hints to a compiler (`fastmath`,
`overflowFlags`, `in_bounds`) are dropped. An operation that no table lists is refused.
"""

from collections.abc import Callable

import numpy as np
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
)
from xdsl.ir import Operation as MlirOperation

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.integers import number_of
from ironbird.plan import vector_attributes, view_attributes
from ironbird.plan.build_types import WIDE_INTEGERS
from ironbird.plan.core_program import AttributeValue
from ironbird.plan.vector_attributes import numbers

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
        case IntegerAttr(type=IntegerType(width=width)) if width.data in WIDE_INTEGERS:
            return {"value": words_of(value.value.data, width.data)}
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
    return {"cases": numbers(op.properties["cases"])}


def _conditional_branch(op: MlirOperation, at: SourceLine | None) -> Attributes:
    _, taken, not_taken = numbers(op.properties["operandSegmentSizes"])
    return {"operand_counts": (taken, not_taken)}


def _switch(op: MlirOperation, at: SourceLine | None) -> Attributes:
    _, default_count, _ = numbers(op.properties["operandSegmentSizes"])
    case_counts = numbers(op.properties["case_operand_segments"])
    values = op.properties.get("case_values")
    cases: tuple[int, ...] = ()
    if isinstance(values, DenseIntOrFPElementsAttr):
        cases = tuple(int(value) for value in values.get_values())
        if len(cases) == 1:
            cases = cases * len(case_counts)
    return {"cases": cases, "operand_counts": (default_count, *case_counts)}


def _reduction(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"kind": str(op.properties["kind"].data)}  # type: ignore[attr-defined]


def words_of(value: int, bits: int) -> tuple[int, ...]:
    """An integer wider than a core computes with as its signed 32-bit words, the lowest first."""
    words = (value >> shift & 0xFFFFFFFF for shift in range(0, bits, 32))
    return tuple(word - (word >> 31 << 32) for word in words)


def _index_comparison(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"predicate": op.properties["pred"].word.data}  # type: ignore[attr-defined]


def _truth(op: MlirOperation, at: SourceLine | None) -> Attributes:
    return {"value": number_of(op.properties["value"]) != 0}


def _operations(dialect: str, names: str) -> tuple[str, ...]:
    return tuple(f"{dialect}.{name}" for name in names.split())


_PLAIN = frozenset(
    {
        *_operations("arith", "addi subi muli divsi divui remsi remui ceildivsi ceildivui"),
        *_operations("arith", "floordivsi andi ori xori shli shrsi shrui select"),
        *_operations("arith", "maxsi minsi maxui minui addf subf mulf divf remf negf"),
        *_operations("arith", "maximumf minimumf maxnumf minnumf extsi extui trunci extf truncf"),
        *_operations("arith", "bitcast sitofp uitofp fptosi fptoui index_cast index_castui"),
        *_operations("math", "absf absi atan atan2 ceil copysign cos ctlz ctpop cttz erf exp exp2"),
        *_operations("math", "expm1 floor fma log log10 log1p log2 powf round roundeven rsqrt"),
        *_operations("math", "sin sqrt tan tanh trunc"),
        *_operations("index", "add sub mul divs divu ceildivs ceildivu floordivs rems remu"),
        *_operations("index", "maxs maxu mins minu shl shrs shru and or xor casts castu"),
        *_operations("memref", "load store cast memory_space_cast copy collapse_shape"),
        *_operations("memref", "expand_shape"),
        *_operations("scf", "for if while condition yield"),
        *_operations("vector", "fma bitcast"),
        *("cf.br", "aie.put_cascade", "aie.get_cascade", "aie.end", "func.return"),
        "builtin.unrealized_conversion_cast",
    }
)

_READERS: dict[str, Callable[[MlirOperation, SourceLine | None], Attributes]] = {
    "arith.constant": _constant,
    "index.constant": _constant,
    "index.bool.constant": _truth,
    "arith.cmpi": _integer_comparison,
    "arith.cmpf": _float_comparison,
    "index.cmp": _index_comparison,
    "scf.index_switch": _index_switch,
    "cf.cond_br": _conditional_branch,
    "cf.switch": _switch,
    "memref.subview": view_attributes.subview,
    "memref.reinterpret_cast": view_attributes.reinterpret_cast,
    "vector.load": vector_attributes.access,
    "vector.store": vector_attributes.access,
    "vector.transfer_read": vector_attributes.transfer,
    "vector.transfer_write": vector_attributes.transfer,
    "vector.reduction": _reduction,
    "vector.broadcast": vector_attributes.broadcast,
    "vector.shape_cast": vector_attributes.same_lanes,
    "vector.extract": vector_attributes.extract,
    "vector.insert": vector_attributes.insert,
    "vector.extract_strided_slice": vector_attributes.extract_strided_slice,
    "vector.insert_strided_slice": vector_attributes.insert_strided_slice,
    "vector.shuffle": vector_attributes.shuffle,
    "vector.transpose": vector_attributes.transpose,
}
