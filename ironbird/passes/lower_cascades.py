"""Cascades become the sides that each core listens to and speaks to."""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.rewriter import Rewriter

from ironbird.base.device import Bundle, DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import CascadeFlowOp, ConfigureCascadeOp, DeviceOp, TileOp, tile_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.module_pass import ModulePass

# What a core does that has a cascade on one side only: AM020 ch4, mlir-aie aie-lower-cascade-flows.
DEFAULT_INPUT = Bundle.NORTH
DEFAULT_OUTPUT = Bundle.SOUTH


@dataclass(frozen=True)
class LowerCascades(ModulePass):
    """Replace `aie.cascade_flow` by one `aie.configure_cascade` per core.

    Before:  cores are placed; a flow leads to the core south or east of its source.
    After:   no `aie.cascade_flow` is left.
    Refuses: a cascade between cores that are not neighbours or against its direction, and two
             cascades into or out of one core.
    """

    name: ClassVar[str] = "lower-cascade-flows"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        block = device.body.block
        flows = [op for op in block.ops if isinstance(op, CascadeFlowOp)]
        inputs: dict[Tile, tuple[Bundle, CascadeFlowOp]] = {}
        outputs: dict[Tile, tuple[Bundle, CascadeFlowOp]] = {}
        for flow in flows:
            source, dest = tile_of(flow.source_tile), tile_of(flow.dest_tile)
            assert source is not None
            assert dest is not None
            side = cascade_side(source, dest)
            if side is None:
                raise _not_neighbours(flow, source, dest)
            for sides, place, way, word in (
                (outputs, source, side, "out of"),
                (inputs, dest, _OPPOSITE[side], "into"),
            ):
                if place in sides:
                    raise DesignError(
                        f"Two cascades lead {word} the core of tile {place}",
                        at=source_line_of(flow),
                        because=f"the first is at {source_line_of(sides[place][1])}; a core has "
                        "one in and one out",
                    )
                sides[place] = (way, flow)
        for op in list(block.ops):
            if not isinstance(op, TileOp) or op.tile not in inputs.keys() | outputs.keys():
                continue
            input_side, in_flow = inputs.get(op.tile, (DEFAULT_INPUT, None))
            output_side, out_flow = outputs.get(op.tile, (DEFAULT_OUTPUT, None))
            configure = ConfigureCascadeOp(op, input_side, output_side)
            configure.location = (in_flow or out_flow).location  # type: ignore[union-attr]
            block.insert_op_before(configure, device.end)
        for flow in flows:
            Rewriter.erase_op(flow)


_OPPOSITE = {Bundle.SOUTH: Bundle.NORTH, Bundle.EAST: Bundle.WEST}


def cascade_side(source: Tile, dest: Tile) -> Bundle | None:
    """The side on which `source` passes its cascade to `dest`, or None if it cannot.

    A core's cascade leaves to the south or to the east (AM020 ch4).
    """
    if dest == Tile(source.column, source.row - 1):
        return Bundle.SOUTH
    if dest == Tile(source.column + 1, source.row):
        return Bundle.EAST
    return None


def _not_neighbours(flow: CascadeFlowOp, source: Tile, dest: Tile) -> DesignError:
    return DesignError(
        f"No cascade leads from tile {source} to tile {dest}",
        at=source_line_of(flow),
        because=f"a cascade leaves to the south, {Tile(source.column, source.row - 1)}, or to the "
        f"east, {Tile(source.column + 1, source.row)}",
        fix="place the cores side by side in that order, or leave their tiles open",
    )
