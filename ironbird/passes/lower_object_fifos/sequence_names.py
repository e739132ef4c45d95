"""Transfers of the runtime sequence name a fifo; after lowering they name its shim channel."""

from collections.abc import Mapping

from xdsl.dialects.builtin import SymbolRefAttr

from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, RuntimeSequenceOp
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_object_fifos.graph import FifoGraph


def rename_in_sequences(
    device: DeviceOp, graph: FifoGraph, allocation_of: Mapping[str, str]
) -> None:
    """Replace fifo names by the names of their shim allocations.

    Raises DesignError for a transfer on a fifo without an end on a shim tile.
    """
    for sequence in device.body.block.ops:
        if not isinstance(sequence, RuntimeSequenceOp):
            continue
        for op in sequence.walk():
            for key, attribute in list(op.properties.items()):
                if not isinstance(attribute, SymbolRefAttr):
                    continue
                fifo = graph.fifos.get(attribute.root_reference.data)
                if fifo is None:
                    continue
                if fifo.name not in allocation_of:
                    places = ", ".join(f"{end.tile}" for end in fifo.ends)
                    raise DesignError(
                        f"The runtime sequence moves ObjectFifo {fifo.name!r}, which does not "
                        "reach the host",
                        at=source_line_of(op),
                        because=f"its ends are on tiles {places}; none is a shim tile",
                        fix="fill or drain the fifo at the other end of its link",
                    )
                if op.name == "aiex.dma_channel_reset_for":
                    raise DesignError(
                        f"The runtime sequence re-arms ObjectFifo {fifo.name!r}",
                        at=source_line_of(op),
                        because="Ironbird does not lower dma_channel_reset_for",
                        fix="let the fifo run on from one call to the next",
                    )
                op.properties[key] = SymbolRefAttr(allocation_of[fifo.name])
