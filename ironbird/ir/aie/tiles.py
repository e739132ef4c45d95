"""Tiles: a place on the grid, or a wish for one."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import SSAValue
from xdsl.irdl import irdl_op_definition, opt_prop_def, prop_def, result_def
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.base.device import Tile, TileKind
from ironbird.ir.aie.attributes import PacketInfoAttr
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, Types, print_remaining
from ironbird.ir.codes import LOGICAL_TILE_TYPES, Coded, LogicalTileType
from ironbird.ir.integers import Integer, as_i32, as_text, i32, number_of
from ironbird.ir.pieces import Attributes, Number, Word


@irdl_op_definition
class TileOp(FormattedOperation):
    """A place: `aie.tile(column, row)`."""

    name = "aie.tile"
    col = prop_def(Integer)
    row = prop_def(Integer)
    allocation_scheme = opt_prop_def(StringAttr)
    controller_id = opt_prop_def(PacketInfoAttr)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "(",
        Number("col", i32),
        ", ",
        Number("row", i32),
        ")",
        Attributes(),
    )

    def __init__(self, col: int, row: int, allocation_scheme: str | None = None) -> None:
        super().__init__(
            properties={
                "col": as_i32(col),
                "row": as_i32(row),
                "allocation_scheme": as_text(allocation_scheme),
            },
            result_types=[INDEX],
        )

    @property
    def tile(self) -> Tile:
        """Where it is."""
        return Tile(number_of(self.col), number_of(self.row))


@irdl_op_definition
class LogicalTileOp(FormattedOperation):
    """A tile of a kind whose column, row or both are still free (`?`)."""

    name = "aie.logical_tile"
    tile_type = prop_def(Coded(LOGICAL_TILE_TYPES))
    col = opt_prop_def(Integer)
    row = opt_prop_def(Integer)
    allocation_scheme = opt_prop_def(StringAttr)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)

    def __init__(
        self,
        tile_type: LogicalTileType | str,
        col: int | None = None,
        row: int | None = None,
        allocation_scheme: str | None = None,
    ) -> None:
        super().__init__(
            properties={
                "tile_type": LOGICAL_TILE_TYPES.attr(tile_type),
                "col": as_i32(col),
                "row": as_i32(row),
                "allocation_scheme": as_text(allocation_scheme),
            },
            result_types=[INDEX],
        )

    @property
    def kind(self) -> TileKind | None:
        """The kind asked for; None for one that npu1 lacks."""
        kind: TileKind | None = LOGICAL_TILE_TYPES.word(self.tile_type).kind
        return kind

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_angle_brackets():
            Word("tile_type", LOGICAL_TILE_TYPES).parse(parser, parts)
        with parser.in_parens():
            for name, separator in (("col", ","), ("row", "")):
                if parser.parse_optional_characters("?") is None:
                    Number(name, i32).parse(parser, parts)
                if separator:
                    parser.parse_characters(separator)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        column, row = ("?" if pin is None else str(number_of(pin)) for pin in (self.col, self.row))
        kind = LOGICAL_TILE_TYPES.word(self.tile_type)
        printer.print_string(f"<{kind}>({column}, {row})")
        print_remaining(printer, self, ("tile_type", "col", "row"))


def tile_of(value: SSAValue) -> Tile | None:
    """The place that a tile operand stands for; None while it is logical."""
    return value.owner.tile if isinstance(value.owner, TileOp) else None


def pinned_place_of(value: SSAValue) -> Tile | None:
    """The place of a tile operand, also of a logical tile that names both column and row."""
    owner = value.owner
    if isinstance(owner, LogicalTileOp) and owner.col is not None and owner.row is not None:
        return Tile(number_of(owner.col), number_of(owner.row))
    return tile_of(value)
