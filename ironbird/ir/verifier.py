"""Whether a module is one that the device could run, operation by operation.

First what the definition of an operation asks for (operands, types, properties), then what its
check in `ironbird.ir.checks` asks for. What depends on several operations sharing a tile's
resources belongs to the passes.
"""

from xdsl.dialects import arith, func, memref
from xdsl.dialects.builtin import ModuleOp, StringAttr, VectorType
from xdsl.ir import Operation
from xdsl.traits import SymbolTable

from ironbird.base.errors import DesignError
from ironbird.ir.checks import CHECKS
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
        check = CHECKS.get(type(op))
        if check is not None:
            check(op, scope)


def _verify_definition(op: Operation) -> None:
    for name in _REQUIRED_PROPERTIES.get(type(op), ()):
        if name not in op.properties:
            raise DesignError(f"'{op.name}' has no property '{name}'", at=source_line_of(op))
    if isinstance(op, _CHECKED_HERE) or _works_on_vectors(op):
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


def _works_on_vectors(op: Operation) -> bool:
    """Whether it is an operation of `arith` on vectors, which xDSL defines for scalars only."""
    return op.dialect_name() in ("arith", "vector") and any(
        isinstance(value.type, VectorType) for value in (*op.operands, *op.results)
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
