"""The stream switches of the array as ports and wires: which input may feed which output.

Source: AM020 ch2 and ch5; mlir-aie AIETargetModel.cpp (isLegalTileConnection), docs/Devices.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ironbird.base.device import Bundle, DeviceModel, Tile, TileKind
from ironbird.base.npu1 import SHIM_MM2S_SOUTH_PORTS, SHIM_S2MM_SOUTH_PORTS

_STEPS = {
    Bundle.NORTH: (0, 1),
    Bundle.SOUTH: (0, -1),
    Bundle.EAST: (1, 0),
    Bundle.WEST: (-1, 0),
}
_OPPOSITE = {
    Bundle.NORTH: Bundle.SOUTH,
    Bundle.SOUTH: Bundle.NORTH,
    Bundle.EAST: Bundle.WEST,
    Bundle.WEST: Bundle.EAST,
}


class SwitchPort(NamedTuple):
    """A port of a stream switch, as an input or as an output."""

    tile: Tile
    bundle: Bundle
    channel: int

    def __str__(self) -> str:
        return f"{self.bundle} {self.channel} of tile {self.tile}"


@dataclass(frozen=True)
class SwitchFabric:
    """All switches of a device."""

    model: DeviceModel

    @cached_property
    def outputs(self) -> dict[Tile, tuple[SwitchPort, ...]]:
        """The output ports of every switch that words can leave by, lowest channels first.

        A column's edge has ports towards a neighbour that is not there; those are left out, except
        the shim's south side, which leads to its DMA.
        """
        found = {}
        for kind in TileKind:
            for tile in self.model.tiles(kind):
                ports = (
                    SwitchPort(tile, bundle, channel)
                    for bundle, count in self.model.model(tile).outputs.items()
                    for channel in range(count)
                )
                found[tile] = tuple(
                    port
                    for port in ports
                    if not self.is_wire(port) or self.across(port) is not None
                )
        return found

    def has_input(self, port: SwitchPort) -> bool:
        """Whether the switch has this input."""
        return port.channel < self.model.model(port.tile).inputs.get(port.bundle, 0)

    def has_output(self, port: SwitchPort) -> bool:
        """Whether the switch has this output."""
        return port.channel < self.model.model(port.tile).outputs.get(port.bundle, 0)

    def is_wire(self, output: SwitchPort) -> bool:
        """Whether the output leads to another switch."""
        if output.bundle is Bundle.SOUTH and self.model.kind(output.tile) is TileKind.SHIM:
            return False
        return output.bundle in _STEPS

    def across(self, output: SwitchPort) -> SwitchPort | None:
        """The input that an output is wired to; None at the edge of the array."""
        columns, rows = _STEPS[output.bundle]
        tile = Tile(output.tile.column + columns, output.tile.row + rows)
        inside = 0 <= tile.column < self.model.columns and 0 <= tile.row < self.model.rows
        if not inside:
            return None
        port = SwitchPort(tile, _OPPOSITE[output.bundle], output.channel)
        return port if self.has_input(port) else None

    def output_into(self, slave: SwitchPort) -> SwitchPort:
        """The output of the neighbour's switch that is wired to the input `slave`."""
        columns, rows = _STEPS[slave.bundle]
        tile = Tile(slave.tile.column + columns, slave.tile.row + rows)
        return SwitchPort(tile, _OPPOSITE[slave.bundle], slave.channel)

    def fed_by(self, slave: SwitchPort) -> Iterator[SwitchPort]:
        """The outputs of its switch that the input `slave` may feed."""
        for output in self.outputs[slave.tile]:
            if self._may_feed(slave, output):
                yield output

    def _may_feed(self, slave: SwitchPort, output: SwitchPort) -> bool:
        if slave.bundle is output.bundle and slave.bundle in _STEPS:
            return False
        if self.model.kind(slave.tile) is not TileKind.MEMORY:
            return True
        through = {slave.bundle, output.bundle}
        # A memory tile passes north and south, and from DMA to DMA, on equal channels only.
        if through == {Bundle.NORTH, Bundle.SOUTH} or through == {Bundle.DMA}:
            return slave.channel == output.channel
        return True


def shim_input(port: SwitchPort) -> SwitchPort:
    """The switch input that words of a shim's MM2S channel come in by."""
    return SwitchPort(port.tile, Bundle.SOUTH, SHIM_MM2S_SOUTH_PORTS[port.channel])


def shim_output(port: SwitchPort) -> SwitchPort:
    """The switch output that leads to a shim's S2MM channel."""
    return SwitchPort(port.tile, Bundle.SOUTH, SHIM_S2MM_SOUTH_PORTS[port.channel])
