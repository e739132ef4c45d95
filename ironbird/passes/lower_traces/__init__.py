"""Trace units become packet flows, register writes and a descriptor of the shim.

unit       what one `aie.trace` asks of its unit, checked
registers  that as the words of the unit's registers
egress     where the packets leave the array, and who numbers them
start      the writes of a sequence that start and stop all units
"""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.ir import Block, Region

from ironbird.base.device import DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.base.trace_events import TracePacket
from ironbird.ir.aie import (
    DeviceOp,
    EndOp,
    RuntimeSequenceOp,
    TraceConfigOp,
    TraceHostConfigOp,
    TraceOp,
    TraceRegOp,
    TraceStartConfigOp,
)
from ironbird.ir.locations import named_location, source_line_of
from ironbird.passes.lower_sequence.sequences import erase, insert_after, sequences
from ironbird.passes.lower_traces.egress import Egress, packet_ids
from ironbird.passes.lower_traces.registers import registers_of
from ironbird.passes.lower_traces.start import start_traces
from ironbird.passes.lower_traces.unit import TraceUnit, read_unit
from ironbird.passes.module_pass import ModulePass

__all__ = ["LowerTraces"]


@dataclass(frozen=True)
class LowerTraces(ModulePass):
    """Configure the trace units that sequences start, and lead their packets to the host.

    Before:  `aie.trace` on placed tiles; `aie.trace.host_config` and `aie.trace.start_config` in
             sequences. A device without them is left alone.
    After:   `aie.trace.config` with register values, a packet flow from each unit to one channel of
             a shim, and register writes in the sequences: units, timers, a descriptor of the shim,
             the broadcasts that start and (at the end) stop everything. The sequence has the trace
             buffer as a new last argument, unless it is to follow the last argument's own bytes.
    Refuses: traces without a sequence; events that the unit does not have, or whose number is
             unknown here; combo and edge events; modes other than Event-Time; no free channel.
    """

    name: ClassVar[str] = "lower-traces"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        traces = [op for op in device.body.block.ops if isinstance(op, TraceOp)]
        if not traces:
            return
        if not sequences(device):
            raise DesignError(
                "the device has traces and no runtime sequence that starts them",
                at=source_line_of(traces[0]),
                fix="aie.runtime_sequence with aie.trace.start_config",
            )
        ids = packet_ids(device, traces)
        units = {op.sym_name.data: read_unit(op, ids[op], model) for op in traces}
        egresses: dict[str, Egress] = {}
        for sequence in sequences(device):
            self._lower_sequence(sequence, units, device, egresses)
        for op in traces:
            insert_after(op, _config(op, units[op.sym_name.data]))
            erase(op)

    def _lower_sequence(
        self,
        sequence: RuntimeSequenceOp,
        units: dict[str, TraceUnit],
        device: DeviceOp,
        egresses: dict[str, Egress],
    ) -> None:
        hosts = [op for op in sequence.walk() if isinstance(op, TraceHostConfigOp)]
        starts = [op for op in sequence.walk() if isinstance(op, TraceStartConfigOp)]
        if starts and not hosts:
            raise DesignError(
                "traces are started, and the host keeps no buffer for them",
                at=source_line_of(starts[0]),
                fix="aie.trace.host_config {buffer_size = 8192 : i32} before this line",
            )
        started = _once([_unit_of(op, units) for op in starts])
        if started:
            egress = Egress.of(device, hosts[0], started, egresses)
            start_traces(sequence, hosts[0], starts[-1], started, egress)
        for op in (*hosts, *starts):
            erase(op)


def _unit_of(op: TraceStartConfigOp, units: dict[str, TraceUnit]) -> TraceUnit:
    name = op.trace_config.root_reference.data
    unit = units.get(name)
    if unit is None:
        raise DesignError(
            f"there is no trace @{name} to start",
            at=source_line_of(op),
            because=f"the device has {', '.join(f'@{each}' for each in units)}",
        )
    return unit


def _once(units: list[TraceUnit]) -> list[TraceUnit]:
    """Each physical unit once: logical tiles that were placed together may ask for the same."""
    kept: dict[tuple[Tile, TracePacket], TraceUnit] = {}
    for unit in units:
        other = kept.setdefault((unit.tile, unit.packet), unit)
        if (other.events, other.ports) != (unit.events, unit.ports):
            raise DesignError(
                f"traces @{other.name} and @{unit.name} configure one unit differently",
                at=unit.at,
                because=f"tile {unit.tile} has one {unit.packet_type} trace unit; @{other.name} is "
                f"at {other.at}",
            )
    return list(kept.values())


def _config(op: TraceOp, unit: TraceUnit) -> TraceConfigOp:
    """What the registers hold, for whoever reads the module."""
    block = Block()
    for register in registers_of(unit):
        block.add_op(
            TraceRegOp(register.name, register.value, mask=register.mask, comment=register.comment)
        )
    block.add_op(EndOp())
    config = TraceConfigOp(
        op.tile, f"{op.sym_name.data}_config", Region(block), packet_type=unit.packet_type
    )
    config.location = named_location(op.sym_name.data, source_line_of(op))
    return config
