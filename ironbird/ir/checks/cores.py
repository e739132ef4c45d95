"""Cores: where they stand, what they hold, what they call."""

from collections.abc import Sequence

from xdsl.dialects import func
from xdsl.dialects.builtin import (
    ModuleOp,
    SymbolRefAttr,
    VectorType,
)
from xdsl.ir import Attribute, Operation

from ironbird.base.device import TileKind
from ironbird.ir.aie import (
    CascadeFlowOp,
    ConfigureCascadeOp,
    CoreOp,
    EndOp,
    EventOp,
    GetCascadeOp,
    PutCascadeOp,
    tile_of,
)
from ironbird.ir.checks.scope import Scope, kind_of, model_round, refuse, tile_text
from ironbird.ir.integers import number_of

# The cascade of AIE-ML is 512 bits wide (AM020 ch4).
CASCADE_BITS = 512


def check_core(op: CoreOp, scope: Scope) -> None:
    """A program that ends, on a core tile."""
    if kind_of(op.tile, model_round(op)) is not TileKind.CORE:
        refuse(op, f"a core stands on {tile_text(op.tile)}", because="it is no core tile")
    first = op.body.first_block
    if first is None or first.first_op is None:
        refuse(op, "the core has an empty body", fix="aie.end as its last operation")
    if op.elf_file is not None and not isinstance(first.first_op, EndOp):
        refuse(
            op,
            f"the core has the program {op.elf_file.data!r} and a body as well",
            fix="one of the two",
        )
    if op.link_with is not None and op.link_files is not None:
        refuse(op, "the core has both link_with and link_files", fix="link_files alone")
    if op.stack_size is not None and number_of(op.stack_size) < 0:
        refuse(op, f"the core's stack has {number_of(op.stack_size)} bytes")


def check_event(op: EventOp, scope: Scope) -> None:
    """Event 0 or 1."""
    if number_of(op.val) not in (0, 1):
        refuse(op, f"event {number_of(op.val)} does not exist", because="a core has events 0 and 1")


def check_function(op: func.FuncOp, scope: Scope) -> None:
    """A way of linking only where there is something to link."""
    if "link_with_mode" in op.attributes and "link_with" not in op.attributes:
        refuse(
            op,
            f"function '{op.sym_name.data}' has link_with_mode without link_with",
            because="the mode says how its object file is linked",
            fix="link_with as well",
        )


def check_call(op: func.CallOp, scope: Scope) -> None:
    """A function that exists, with arguments of its types."""
    name = symbol_name(op.callee)
    callee = scope.find(op, name)
    if not isinstance(callee, func.FuncOp):
        refuse(
            op,
            f"function '{name}' is not declared",
            fix=f"func.func private @{name} in the device",
        )
    wanted = callee.function_type.inputs.data
    given = op.operand_types
    if len(wanted) != len(given):
        refuse(
            op,
            f"the call of '{name}' has {len(given)} arguments",
            because=f"the function takes {len(wanted)}",
        )
    for position, (found, expected) in enumerate(zip(given, wanted, strict=True)):
        if found != expected:
            refuse(
                op,
                f"argument {position} of the call of '{name}' has the type {found}",
                because=f"the function takes {expected}",
            )
    results = callee.function_type.outputs.data
    if tuple(op.result_types) != tuple(results):
        refuse(
            op,
            f"the call of '{name}' has results ({_types(op.result_types)})",
            because=f"the function returns ({_types(results)})",
        )


def check_cascade_value(op: GetCascadeOp | PutCascadeOp, scope: Scope) -> None:
    """A value as wide as the cascade."""
    type_ = op.cascade_value.type
    bits = _bits(type_)
    if bits != CASCADE_BITS:
        refuse(
            op,
            f"a cascade value of type {type_}",
            because=f"it has {bits} bits; the cascade is {CASCADE_BITS} bits wide",
        )


def check_cascade_flow(op: CascadeFlowOp, scope: Scope) -> None:
    """Two core tiles that touch; the cascade runs to the south or to the east."""
    model = model_round(op)
    for tile in (op.source_tile, op.dest_tile):
        if kind_of(tile, model) is not TileKind.CORE:
            refuse(op, f"{tile_text(tile)} has no cascade", because="only core tiles have one")
    source, dest = tile_of(op.source_tile), tile_of(op.dest_tile)
    if source is None or dest is None:
        return
    step = (dest.column - source.column, dest.row - source.row)
    if step not in ((1, 0), (0, -1)):
        refuse(
            op,
            f"there is no cascade from tile {source} to tile {dest}",
            because="it runs to the tile on the south or on the east",
        )


def check_configure_cascade(op: ConfigureCascadeOp, scope: Scope) -> None:
    """A core tile."""
    if kind_of(op.tile, model_round(op)) is not TileKind.CORE:
        refuse(op, f"{tile_text(op.tile)} has no cascade", because="only core tiles have one")


def core_round(op: Operation) -> CoreOp | None:
    """The core that `op` stands in."""
    owner = op.parent_op()
    while owner is not None and not isinstance(owner, CoreOp | ModuleOp):
        owner = owner.parent_op()
    return owner if isinstance(owner, CoreOp) else None


def symbol_name(symbol: SymbolRefAttr) -> str:
    """The plain name of a reference."""
    name: str = symbol.root_reference.data
    return name


def _bits(type_: Attribute) -> int:
    if isinstance(type_, VectorType):
        count = 1
        for size in type_.get_shape():
            count *= size
        return count * _bits(type_.element_type)
    return int(getattr(type_, "bitwidth", 0))


def _types(types: Sequence[Attribute]) -> str:
    return ", ".join(str(type_) for type_ in types)
