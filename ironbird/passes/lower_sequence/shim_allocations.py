"""Which channel of the shim the name of a fifo's end stands for."""

from dataclasses import dataclass

from xdsl.ir import SSAValue

from ironbird.base.device import Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import DeviceOp, PacketInfoAttr, ShimDmaAllocationOp
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of

_SUFFIX = "_shim_alloc"


@dataclass(frozen=True)
class ShimAllocation:
    """One end of a fifo on a shim tile. `fifo` is the author's name."""

    fifo: str
    tile: SSAValue
    direction: Direction
    channel: int
    packet: PacketInfoAttr | None


def shim_allocations(device: DeviceOp) -> dict[str, ShimAllocation]:
    """The allocations of `device` by symbol."""
    return {
        op.sym_name.data: ShimAllocation(
            op.sym_name.data.removesuffix(_SUFFIX),
            op.tile,
            DIRECTIONS.word(op.channel_dir),
            number_of(op.channel_index),
            op.packet,
        )
        for op in device.body.block.ops
        if isinstance(op, ShimDmaAllocationOp)
    }


def find_allocation(
    allocations: dict[str, ShimAllocation], symbol: str, at: SourceLine | None
) -> ShimAllocation:
    """The allocation called `symbol`."""
    found = allocations.get(symbol)
    if found is None:
        known = ", ".join(repr(each.fifo) for each in allocations.values()) or "none"
        raise DesignError(
            f"the runtime sequence moves {symbol.removesuffix(_SUFFIX)!r}, "
            "which has no end on a shim tile",
            at=at,
            because=f"fifos with an end there: {known}",
            fix="a fifo whose other end no worker and no memory tile holds",
        )
    return found
