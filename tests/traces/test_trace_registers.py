"""Events and registers: compared with what mlir-aie wrote, and consistent with themselves."""

import pytest
from lowering_samples import APRIL, AUGUST, read_sample
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.npu1_registers import REGISTER_MAPS, OtherRegister
from ironbird.base.trace_events import (
    EVENTS,
    PORT_SLOTS,
    TracePacket,
    broadcast_event,
    event_name,
)
from ironbird.base.trace_registers import REGISTERS, port_number, port_of_number
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.pipeline import lower
from ironbird.plan.build_core_program import constant_of
from ironbird.session.lowering import lower_to_plan


def writes(module: ModuleOp) -> list[tuple[str, object, object, tuple[int | None, ...]]]:
    """The register writes of a sequence: operation, column, row, operands."""
    found = []
    for op in module.walk():
        if op.name in ("aiex.npu.write32", "aiex.npu.maskwrite32", "aiex.npu.address_patch"):
            place = [op.properties.get(name) for name in ("column", "row", "addr", "arg_idx")]
            numbers = tuple(constant_of(operand) for operand in op.operands)
            shown = tuple(None if each is None else number_of(each) for each in place)
            found.append((op.name, shown, _unsigned(numbers), ()))
        elif op.name == "aiex.npu.writebd":
            found.append((op.name, tuple(sorted(map(str, op.properties.items()))), (), ()))
    return found


def _unsigned(numbers: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return tuple(None if number is None else number % 2**32 for number in numbers)


def config(module: ModuleOp) -> list[tuple[object, ...]]:
    """The registers that `aie.trace.config` names."""
    regs = [op for op in module.walk() if op.name == "aie.trace.reg"]
    return [_reg(op) for op in regs]


def _reg(op: Operation) -> tuple[object, ...]:
    names = ("reg_name", "value", "mask", "comment")
    return tuple(str(op.properties[name]) for name in names)


def test_our_lowering_writes_what_theirs_writes() -> None:
    ours = lower(read_sample(AUGUST, "27_trace", "in.mlir"), "lower-traces")
    theirs = read_sample(AUGUST, "27_trace", "lowered.mlir")
    assert len(writes(ours)) == 14
    assert writes(ours) == writes(theirs)
    assert config(ours) == config(theirs)
    [flow] = [op for op in ours.walk() if op.name == "aie.packet_flow" and number_of(op.id) == 1]
    [their_flow] = [
        op for op in theirs.walk() if op.name == "aie.packet_flow" and number_of(op.id) == 1
    ]
    assert str(flow.properties) == str(their_flow.properties)


@pytest.mark.parametrize(
    ("version", "file"),
    [(AUGUST, "in"), (AUGUST, "lowered"), (AUGUST, "npu"), (APRIL, "in"), (APRIL, "npu")],
)
def test_the_same_units_are_read_from_every_level(version: str, file: str) -> None:
    traces = lower_to_plan(read_sample(version, "27_trace", f"{file}.mlir")).traces
    assert traces is not None
    [unit] = traces.units
    assert (unit.tile, unit.packet, unit.packet_id) == (Tile(0, 2), TracePacket.CORE, 1)
    assert unit.names[:4] == ("INSTR_EVENT_0", "INSTR_EVENT_1", "LOCK_STALL", "PORT_RUNNING_0")
    assert unit.names[4:] == ("NONE",) * 4
    assert unit.starts
    [port] = [each for each in unit.ports if each is not None]
    assert (port.bundle, port.channel, port.direction) == (Bundle.DMA, 0, Direction.S2MM)
    [buffer] = traces.buffers
    assert (buffer.byte_count, buffer.offset_bytes, buffer.sources) == (8192, 0, (0,))


def test_a_trace_without_its_start_records_nothing() -> None:
    module = read_sample(AUGUST, "27_trace", "lowered.mlir")
    [event] = [
        op
        for op in module.walk()
        if op.name == "aiex.npu.write32"
        and [constant_of(operand) for operand in op.operands] == [213000, 127]
    ]
    event.detach()
    event.erase()
    traces = lower_to_plan(module).traces
    assert traces is not None
    assert not traces.units[0].starts


@pytest.mark.parametrize("packet", TracePacket, ids=lambda each: each.name)
def test_numbers_and_names_of_events_are_one_to_one(packet: TracePacket) -> None:
    table = EVENTS[packet]
    assert len(set(table.values())) == len(table)
    assert all(event_name(packet, number) == name for name, number in table.items())
    assert max(table.values()) < 2 ** REGISTERS[packet].event_bits
    assert broadcast_event(packet, 15) == broadcast_event(packet, 0) + 15


@pytest.mark.parametrize("packet", TracePacket, ids=lambda each: each.name)
def test_the_registers_are_those_of_the_register_map(packet: TracePacket) -> None:
    registers, known = REGISTERS[packet], REGISTER_MAPS[packet.tile_kind]
    named = {
        offset: known.register_at(offset)
        for offset in (registers.control, registers.control + 4, registers.events, registers.timer)
    }
    assert all(isinstance(register, OtherRegister) for register in named.values()), named
    names = [register.name.rpartition(" ")[2] for register in named.values()]  # type: ignore[union-attr]
    assert names == ["Trace_Control0", "Trace_Control1", "Trace_Event0", "Timer_Control"]


@pytest.mark.parametrize("tile", [Tile(0, 0), Tile(1, 1), Tile(2, 3)], ids=str)
@pytest.mark.parametrize("direction", Direction)
def test_a_port_and_its_number(tile: Tile, direction: Direction) -> None:
    numbers = set()
    for bundle in Bundle:
        for channel in range(10):
            number = port_number(tile, bundle, channel, direction)
            if number is None:
                continue
            found = port_of_number(tile, number, direction)
            assert found is not None
            # The shim's DMA and the south ports it is behind are one.
            assert number == port_number(tile, *found, direction)
            numbers.add(number)
    assert numbers == set(range(max(numbers) + 1))
    assert len(numbers) > PORT_SLOTS


def test_the_line_of_a_unit_is_the_authors() -> None:
    module = read_sample(AUGUST, "27_trace", "in.mlir")
    [host] = [op for op in module.walk() if op.name == "aie.trace.host_config"]
    traces = lower_to_plan(module).traces
    assert traces is not None
    assert traces.units[0].at == source_line_of(host)
