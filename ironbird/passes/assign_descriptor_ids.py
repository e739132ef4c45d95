"""Number the buffer descriptors of each DMA program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from xdsl.ir import Block

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    DeviceOp,
    DmaBdOp,
    DmaOp,
    DmaProgram,
    DmaStartOp,
    NextBdOp,
    tile_of,
)
from ironbird.ir.integers import as_i32, number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class AssignDescriptorIds(ModulePass):
    """Give every `aie.dma_bd` of a DMA program its own `bd_id`, in program order.

    Before:  `bd_id` is absent, or set by hand and unique within its tile.
    After:   every `bd_id` is set to one that its channel may use, none repeats in a tile, and
             `next_bd_id` names the following descriptor. Descriptors of the runtime sequence are
             left to `lower-sequence`.
    Refuses: a channel that finds no free descriptor. On a memory tile even channels share the
             lower half, odd channels the upper half.
    """

    name: ClassVar[str] = "assign-descriptor-ids"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for program in device.body.block.ops:
            place = tile_of(program.tile) if isinstance(program, DmaProgram) else None
            if isinstance(program, DmaProgram) and place is not None:
                _number(program, place, model)


def _number(program: DmaProgram, place: Tile, model: DeviceModel) -> None:
    chains = list(_chains(program))
    descriptors = [(channel, bd) for channel, chain, _ in chains for bd in chain]
    taken = {number_of(bd.bd_id) for _, bd in descriptors if bd.bd_id is not None}
    for channel, bd in descriptors:
        if bd.bd_id is not None:
            continue
        allowed = model.model(place).descriptors_of_channel(channel)
        free = next((bd_id for bd_id in allowed if bd_id not in taken), None)
        if free is None:
            raise _too_many(place, channel, descriptors, model)
        bd.properties["bd_id"] = as_i32(free)  # type: ignore[assignment]
        taken.add(free)
    for _, chain, follower in chains:
        for bd, following in zip(chain, [*chain[1:], follower], strict=True):
            if following is not None and bd.next_bd_id is None:
                assert following.bd_id is not None
                bd.properties["next_bd_id"] = following.bd_id


Chain = tuple[int, list[DmaBdOp], DmaBdOp | None]
"""A channel, its descriptors in order, and the one that follows the last."""


def _chains(program: DmaProgram) -> Iterator[Chain]:
    """The chains of `program`, in the order of their starts."""
    for op in program.walk():
        if isinstance(op, DmaStartOp):
            yield number_of(op.channel_index), *_followed(op.dest)
        elif isinstance(op, DmaOp):
            chain = [bd for region in op.bds for bd in region.walk() if isinstance(bd, DmaBdOp)]
            loops = number_of(op.loop) != 0 and bool(chain)
            yield number_of(op.channel_index), chain, chain[0] if loops else None


def _followed(first: Block) -> tuple[list[DmaBdOp], DmaBdOp | None]:
    chain: list[DmaBdOp] = []
    block: Block | None = first
    while block is not None:
        bd = _descriptor_in(block)
        if bd is None or bd in chain:
            return chain, bd
        chain.append(bd)
        block = block.last_op.dest if isinstance(block.last_op, NextBdOp) else None
    return chain, None


def _descriptor_in(block: Block) -> DmaBdOp | None:
    return next((op for op in block.ops if isinstance(op, DmaBdOp)), None)


def _too_many(
    place: Tile, channel: int, descriptors: list[tuple[int, DmaBdOp]], model: DeviceModel
) -> DesignError:
    tile = model.model(place)
    rivals = [
        (other, bd)
        for other, bd in descriptors
        if tile.descriptors_of_channel(other) == tile.descriptors_of_channel(channel)
    ]
    users: dict[str, int] = {}
    for _, bd in rivals:
        name = name_of_location(bd)
        user = (
            f"ObjectFifo {name!r}" if name is not None else f"the program at {source_line_of(bd)}"
        )
        users[user] = users.get(user, 0) + 1
    listed = ", ".join(f"{user} {number}" for user, number in users.items())
    allowed = len(tile.descriptors_of_channel(channel))
    where = "the tile has"
    fix = "a smaller depth or repeat_count; each object takes one descriptor per part and repeat"
    if tile.kind is TileKind.MEMORY:
        where = f"channels {'0, 2, 4' if channel % 2 == 0 else '1, 3, 5'} share"
        fix += "; or another memory tile (tile=) for one of the links"
    return DesignError(
        f"Tile {place} has too few buffer descriptors",
        at=source_line_of(rivals[allowed][1]),
        because=f"{len(rivals)} are needed ({listed}); {where} {allowed}",
        fix=fix,
    )
