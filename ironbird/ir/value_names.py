"""The names that MLIR prints for values: `%c0`, `%tile_0_2`, `%arg1`, `%4`.

A region's values are named before those of the regions inside it. An operation may suggest a name;
a name in use gets a number behind it. What no operation names is numbered: `%arg<n>` for arguments
of a region's first block, `%<n>` for the rest.

Source of the rules: mlir/lib/IR/AsmPrinter.cpp (SSANameState); of the suggested names:
getAsmResultNames in mlir-aie lib/Dialect/AIE/IR/AIEDialect.cpp and in MLIR's dialects.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, StringAttr
from xdsl.ir import Operation, Region, SSAValue

from ironbird.base.device import TileKind
from ironbird.ir import aie
from ironbird.ir.codes import LOGICAL_TILE_TYPES, LogicalTileType
from ironbird.ir.integers import i1
from ironbird.ir.upstream import index_numbers

_PLAIN = re.compile(r"[A-Za-z$._-][A-Za-z0-9$._-]*")


@dataclass
class _Scope:
    """The counters and the names in use where a region starts."""

    next_number: int
    next_argument: int
    next_conflict: int
    used: set[str]
    suggests: bool = True


def value_names(root: Operation, *, generic: bool = False) -> dict[SSAValue, str]:
    """The name, without `%`, of every value that `root` and the operations inside it define.

    generic: the names in the generic form, where nothing is suggested and no number comes twice.
    """
    names: dict[SSAValue, str] = {}
    top = _Scope(0, 0, 0, set(), suggests=not generic)
    _name_results(root, names, top)
    pending: list[tuple[Region, _Scope]] = [(region, top) for region in root.regions]
    while pending:
        region, outer = pending.pop()
        scope = outer if generic else replace(outer, used=set(outer.used))
        nested = _name_region(region, names, scope)
        pending.extend((inner, scope) for inner in nested)
    return names


def _name_region(region: Region, names: dict[SSAValue, str], scope: _Scope) -> list[Region]:
    """Name the values of the region's own blocks; returns the regions inside."""
    nested: list[Region] = []
    first = region.blocks.first
    for block in region.blocks:
        for argument in block.args:
            if block is first:
                names[argument] = _unique(f"arg{scope.next_argument}", scope)
                scope.next_argument += 1
            else:
                names[argument] = str(scope.next_number)
                scope.next_number += 1
        for op in block.ops:
            if op.results:
                _name_results(op, names, scope)
            nested.extend(op.regions)
    return nested


def _name_results(op: Operation, names: dict[SSAValue, str], scope: _Scope) -> None:
    if not op.results:
        return
    each = _NAMES_OF_EACH.get(type(op)) if scope.suggests else None
    if each is not None:
        for result, own_name in zip(op.results, each, strict=True):
            names[result] = _unique(own_name, scope)
        return
    suggest = _SUGGESTIONS.get(type(op)) if scope.suggests else None
    suggested = suggest(op) if suggest is not None else None
    if suggested:
        name = _unique(_as_identifier(suggested), scope)
    else:
        name = str(scope.next_number)
        scope.next_number += 1
    if len(op.results) == 1:
        names[op.results[0]] = name
        return
    for position, result in enumerate(op.results):
        names[result] = f"{name}#{position}"


def _unique(name: str, scope: _Scope) -> str:
    found = name
    while found in scope.used:
        found = f"{name}_{scope.next_conflict}"
        scope.next_conflict += 1
    scope.used.add(found)
    return found


def _as_identifier(name: str) -> str:
    """`name` with the characters that an identifier may not hold replaced, as MLIR does."""
    if _PLAIN.fullmatch(name):
        return name
    if not re.match(r"[A-Za-z$._-]", name):
        name = f"_{name}"
    return "".join(
        char
        if re.match(r"[A-Za-z0-9$._-]", char)
        else "_"
        if char == " "
        else "".join(f"{byte:X}" for byte in char.encode())
        for char in name
    )


def _tile_name(op: Operation) -> str:
    assert isinstance(op, aie.TileOp)
    place = op.tile
    kind = {0: TileKind.SHIM, 1: TileKind.MEMORY}.get(place.row, TileKind.CORE)
    prefix = {
        TileKind.SHIM: "shim_noc_tile",
        TileKind.MEMORY: "mem_tile",
        TileKind.CORE: "tile",
    }[kind]
    return f"{prefix}_{place.column}_{place.row}"


_LOGICAL_NAMES = {
    LogicalTileType.CORE: "logical_core",
    LogicalTileType.MEMORY: "logical_mem",
    LogicalTileType.SHIM_NOC: "logical_shim_noc",
    LogicalTileType.SHIM_PL: "logical_shim_pl",
}


def _logical_tile_name(op: Operation) -> str:
    assert isinstance(op, aie.LogicalTileOp)
    return _LOGICAL_NAMES[LOGICAL_TILE_TYPES.word(op.tile_type)]


def _of_tile(prefix: str) -> Callable[[Operation], str | None]:
    """`prefix_<column>_<row>` of the tile operand; nothing while its place is open.

    The samples show it for the core of a pinned logical tile; unknown, and assumed, for the rest.
    """

    def suggest(op: Operation) -> str | None:
        place = aie.pinned_place_of(op.operands[0])
        return None if place is None else f"{prefix}_{place.column}_{place.row}"

    return suggest


def _symbol_or(
    suggest: Callable[[Operation], str | None],
) -> Callable[[Operation], str | None]:
    """The operation's own name, or what `suggest` says."""

    def symbol_or_suggestion(op: Operation) -> str | None:
        symbol = op.properties.get("sym_name")
        return symbol.data if isinstance(symbol, StringAttr) else suggest(op)

    return symbol_or_suggestion


def _nothing(op: Operation) -> None:
    return None


def _constant_name(op: Operation) -> str:
    value = op.properties["value"]
    if not isinstance(value, IntegerAttr):
        return "cst"
    number = value.value.data
    if isinstance(value.type, IndexType):
        return f"c{number}"
    if value.type == i1:
        return "true" if number else "false"
    assert isinstance(value.type, IntegerType)
    return f"c{number}_{value.type}"


def _index_constant_name(op: Operation) -> str:
    assert isinstance(op, index_numbers.ConstantOp)
    return f"idx{op.value.value.data}"


def _always(name: str) -> Callable[[Operation], str | None]:
    return lambda op: name


_SUGGESTIONS: dict[type[Operation], Callable[[Operation], str | None]] = {
    aie.TileOp: _tile_name,
    aie.LogicalTileOp: _logical_tile_name,
    aie.CoreOp: _of_tile("core"),
    aie.MemOp: _of_tile("mem"),
    aie.MemtileDmaOp: _of_tile("memtile_dma"),
    aie.ShimDmaOp: _of_tile("shim_dma"),
    aie.SwitchboxOp: _of_tile("switchbox"),
    aie.ShimMuxOp: _of_tile("shim_mux"),
    aie.BufferOp: _symbol_or(_of_tile("buffer")),
    aie.LockOp: _symbol_or(_of_tile("lock")),
    aie.ExternalBufferOp: _symbol_or(_nothing),
    aie.DmaOp: _symbol_or(_nothing),
    arith.ConstantOp: _constant_name,
    index_numbers.ConstantOp: _index_constant_name,
    memref.AllocOp: _always("alloc"),
    memref.AllocaOp: _always("alloca"),
    memref.CastOp: _always("cast"),
    memref.CollapseShapeOp: _always("collapse_shape"),
    memref.DimOp: _always("dim"),
    memref.ExpandShapeOp: _always("expand_shape"),
    memref.MemorySpaceCastOp: _always("memspacecast"),
    memref.ReinterpretCastOp: _always("reinterpret_cast"),
    memref.SubviewOp: _always("subview"),
    memref.ViewOp: _always("view"),
}
# Where each of several results has a name of its own.
_NAMES_OF_EACH: dict[type[Operation], tuple[str, ...]] = {
    arith.AddUIExtendedOp: ("sum", "overflow"),
    arith.MulSIExtendedOp: ("low", "high"),
    arith.MulUIExtendedOp: ("low", "high"),
}
