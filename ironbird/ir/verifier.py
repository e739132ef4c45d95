"""Whether a module is one that the device could run, operation by operation.

First what the definition of an operation asks for (operands, types, properties), then what its
check in `ironbird.ir.checks` asks for. What depends on several operations sharing a tile's
resources belongs to the passes.
"""

from xdsl.dialects import arith, func, memref
from xdsl.dialects.builtin import (
    MemRefType,
    ModuleOp,
    StridedLayoutAttr,
    StringAttr,
    VectorType,
)
from xdsl.ir import Attribute, Operation
from xdsl.irdl import IRDLOperation, OptionalDef, VariadicDef
from xdsl.traits import SymbolTable

from ironbird.base.errors import DesignError
from ironbird.ir.checks import CHECKS
from ironbird.ir.checks.nesting import check_nesting
from ironbird.ir.checks.scope import Scope, line_text
from ironbird.ir.locations import source_line_of

# xDSL's own verifiers of these ask for more than MLIR's do, or know only scalars; ours follow.
_CHECKED_HERE: tuple[type[Operation], ...] = (
    arith.SelectOp,
    func.CallOp,
    memref.GlobalOp,
)
_REQUIRED_PROPERTIES: dict[type[Operation], tuple[str, ...]] = {
    func.CallOp: ("callee",),
    memref.GlobalOp: ("sym_name", "type"),
}


def verify_module(module: ModuleOp) -> None:
    """Raise a `DesignError`, at the line of the operation, for the first one that is wrong."""
    for op in module.walk():
        _verify_definition(op)
    scope = Scope()
    for op in module.walk():
        if op.has_trait(SymbolTable):
            _verify_symbols(op)
        check_nesting(op, scope)
        check = CHECKS.get(type(op))
        if check is not None:
            check(op, scope)


def _verify_definition(op: Operation) -> None:
    for result in op.results:
        _verify_layout(result.type, op)
    for name in _REQUIRED_PROPERTIES.get(type(op), ()):
        if name not in op.properties:
            raise DesignError(f"'{op.name}' has no property '{name}'", at=source_line_of(op))
    if isinstance(op, _CHECKED_HERE):
        return
    if _works_on_vectors(op):
        _verify_parts(op)
        return
    try:
        op.verify(verify_nested_ops=False)
    except Exception as error:
        # xDSL's verifiers raise whatever the first broken assumption raises.
        cause = error.__cause__ or error
        if str(cause).startswith("Redefinition of symbol"):
            return
        if str(cause).endswith("is not a terminator"):
            raise DesignError(
                f"a block ends with '{op.name}'",
                at=source_line_of(op),
                because="that does not say where to go on",
                fix="aie.end, or a branch",
            ) from error
        raise DesignError(
            f"'{op.name}' is not well formed", at=source_line_of(op), because=str(cause).strip()
        ) from error


def _verify_layout(type_: Attribute, op: Operation) -> None:
    """A step for each dimension, which xDSL's memref does not ask for."""
    if not isinstance(type_, MemRefType) or not isinstance(type_.layout, StridedLayoutAttr):
        return
    if len(type_.layout.strides) != type_.get_num_dims():
        raise DesignError(
            f"'{op.name}' gives {type_}",
            at=source_line_of(op),
            because=f"{type_.get_num_dims()} sizes have {len(type_.layout.strides)} strides",
        )


def _works_on_vectors(op: Operation) -> bool:
    """Whether it is an operation of `arith` on vectors, which xDSL defines for scalars only."""
    return op.dialect_name() in ("arith", "vector") and any(
        isinstance(value.type, VectorType) for value in (*op.operands, *op.results)
    )


def _verify_parts(op: Operation) -> None:
    """That an operation has what its definition asks for, whatever the types."""
    assert isinstance(op, IRDLOperation)
    definition = op.get_irdl_definition()
    for name, declared in definition.properties.items():
        if not isinstance(declared, OptionalDef) and name not in op.properties:
            raise DesignError(f"'{op.name}' has no property '{name}'", at=source_line_of(op))
    for what, parts, found in (
        ("operand", definition.operands, op.operands),
        ("result", definition.results, op.results),
        ("region", definition.regions, op.regions),
    ):
        wanted = len(parts)
        variadic = any(isinstance(declared, VariadicDef) for _, declared in parts)
        if not variadic and len(found) != wanted:
            raise DesignError(
                f"'{op.name}' is not well formed",
                at=source_line_of(op),
                because=f"Expected {wanted} {what}{'s' if wanted != 1 else ''}, "
                f"but got {len(found)}",
            )


def _verify_symbols(table: Operation) -> None:
    seen: dict[str, Operation] = {}
    for block in table.regions[0].blocks:
        for op in block.ops:
            symbol = op.get_attr_or_prop("sym_name")
            if not isinstance(symbol, StringAttr):
                continue
            other = seen.setdefault(symbol.data, op)
            if other is not op:
                raise DesignError(
                    f"the name '{symbol.data}' is given twice",
                    at=source_line_of(op),
                    because=f"{other.name} at {line_text(other)} has it already",
                    fix="another name",
                )
