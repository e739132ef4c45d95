"""Rules of tile memory: where buffers and stacks may lie."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import CoreOp, DeviceOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.verify_physical.subjects import (
    buffer_bytes,
    buffer_name,
    buffers,
    cores,
    place,
)

# Width of a load or store of a core, and of one word of a memory tile, bytes (AM020 ch2, ch5).
ALIGNMENT_BYTES = {TileKind.CORE: 32, TileKind.MEMORY: 4}


def buffers_lie_in_tile_memory(device: DeviceOp, model: DeviceModel) -> None:
    """A buffer has an address and ends before the memory of its tile does."""
    for op in buffers(device):
        tile = place(op.tile, op)
        limit = model.model(tile).memory_bytes
        if op.address is None:
            raise DesignError(
                f"{buffer_name(op)} on tile {tile} has no address",
                at=source_line_of(op),
                fix="the pass assign-buffer-addresses",
            )
        start = number_of(op.address)
        end = start + buffer_bytes(op)
        if start < 0 or end > limit:
            raise DesignError(
                f"{buffer_name(op)} lies outside the memory of tile {tile}",
                at=source_line_of(op),
                because=f"it takes bytes {start}..{end}; the tile has {limit}",
                fix="a lower address, or none: a free one is found",
            )


def buffers_do_not_overlap(device: DeviceOp, model: DeviceModel) -> None:
    """No byte of a tile belongs to two buffers, or to a buffer and the stack of the core."""
    by_tile: dict[Tile, list[_Extent]] = {}
    for extent in _extents(device, model):
        by_tile.setdefault(extent.tile, []).append(extent)
    for tile, extents in by_tile.items():
        extents.sort(key=lambda extent: (extent.start, extent.end))
        for lower, upper in itertools.pairwise(extents):
            if upper.start < lower.end:
                raise DesignError(
                    f"{upper.name} and {lower.name} overlap on tile {tile}",
                    at=upper.at,
                    because=f"bytes {upper.start}..{upper.end} and {lower.start}..{lower.end}",
                    fix="no addresses by hand: free ones are found",
                )


def stacks_fit(device: DeviceOp, model: DeviceModel) -> None:
    """A core's stack leaves the memory of its tile a byte at least."""
    for core in cores(device):
        tile = place(core.tile, core)
        stack = _stack_bytes(core, model)
        limit = model.model(tile).memory_bytes
        if stack >= limit:
            raise DesignError(
                f"the stack of the core on tile {tile} leaves no memory for buffers",
                at=source_line_of(core),
                because=f"stack_size is {stack} bytes; the tile has {limit}",
                fix="a smaller stack_size",
            )


def buffers_are_aligned(device: DeviceOp, model: DeviceModel) -> None:
    """A buffer starts where the tile's widest access may start, unless it is said not to."""
    for op in buffers(device):
        tile = place(op.tile, op)
        unit = ALIGNMENT_BYTES.get(model.kind(tile), 1)
        address = number_of(op.address) if op.address is not None else 0
        if number_of(op.aligned) != 0 and address % unit:
            raise DesignError(
                f"{buffer_name(op)} on tile {tile} is not aligned",
                at=source_line_of(op),
                because=f"address {address} is no multiple of {unit} bytes",
                fix=f"address {address - address % unit}, or aligned = false",
            )


@dataclass(frozen=True)
class _Extent:
    tile: Tile
    start: int
    end: int
    name: str
    at: SourceLine | None


def _extents(device: DeviceOp, model: DeviceModel) -> Iterator[_Extent]:
    for core in cores(device):
        tile = place(core.tile, core)
        stack = _stack_bytes(core, model)
        yield _Extent(tile, 0, stack, "the core's stack", source_line_of(core))
    for op in buffers(device):
        tile = place(op.tile, op)
        start = number_of(op.address) if op.address is not None else 0
        end = start + buffer_bytes(op)
        yield _Extent(tile, start, end, buffer_name(op), source_line_of(op))


def _stack_bytes(core: CoreOp, model: DeviceModel) -> int:
    written = core.stack_size
    return model.default_stack_bytes if written is None else number_of(written)
