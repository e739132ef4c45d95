"""What a trace cannot be: each refusal whole, at the author's line."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from aie.dialects.aie import AIEDevice, device, tile
from aie.dialects.aiex import runtime_sequence
from aie.extras.context import mlir_mod_ctx
from aie.utils.trace import configure_trace, start_trace
from traces.traced_programs import program

from ironbird.base.device import Bundle, Tile
from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.ir.aie import PacketFlowOp, tile_of
from ironbird.iron import Worker
from ironbird.iron.dialect_words import WireBundle
from ironbird.iron.trace_events import (
    CoreEvent,
    GenericEvent,
    MemEvent,
    PortEvent,
    ShimTileEvent,
    ShimTilePortEvent,
    TraceMode,
    get_events_for_device,
)
from ironbird.passes.pipeline import lower
from ironbird.session.lowering import lower_to_plan, lower_to_plans

MODULE = """\
module {{
  aie.device(npu1) {{
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    {flows}
    aie.trace @w(%{tile}) {{
      {body}
      aie.trace.start broadcast = 15
      aie.trace.stop broadcast = 14
    }}
    aie.runtime_sequence(%a : memref<64xi32>) {{
      {start}
    }}
  }}
}}
"""
START = "aie.trace.host_config {buffer_size = 64 : i32} aie.trace.start_config @w"
EVENT = 'aie.trace.event <"LOCK_STALL">'


def module(body: str = EVENT, tile: str = "t", start: str = START, flows: str = "") -> str:
    return MODULE.format(body=body, tile=tile, start=start, flows=flows)


BOTH_CHANNELS = """
    aie.flow(%t, DMA : 0, %s, DMA : 0)
    aie.flow(%t, DMA : 1, %s, DMA : 1)"""

LOWERING = {
    "unknown event": (
        module('aie.trace.event <"NOT_AN_EVENT">'),
        "in.mlir:8:7: unknown trace event 'NOT_AN_EVENT'\n"
        "  because: its event number is unknown here",
    ),
    "event of another unit": (
        module('aie.trace.packet id = 1 type = mem aie.trace.event <"LOCK_STALL">'),
        "in.mlir:8:42: unknown trace event 'LOCK_STALL'\n  because: it is an event of core tiles",
    ),
    "packets of another tile": (
        module(f"aie.trace.packet id = 1 type = memtile {EVENT}"),
        "in.mlir:8:7: trace @w sends packets of type memtile\n"
        "  because: tile (0, 2) is a core tile",
    ),
    "mode": (
        module(f'aie.trace.mode "Event-PC" {EVENT}'),
        "in.mlir:8:7: trace @w is in mode Event-PC\n"
        "  because: cores have no program counter in the simulator\n"
        '  try: aie.trace.mode "Event-Time"',
    ),
    "combo event": (
        module('aie.trace.combo_event<0> <"LOCK_STALL"> AND <"ACTIVE">'),
        "in.mlir:8:7: trace @w asks for combo_event\n"
        "  because: how its registers join events was not compared with anything, so the "
        "simulator records none\n"
        "  try: the events themselves; whoever reads the trace can join them",
    ),
    "port that is not there": (
        module("aie.trace.port<0> port = DMA channel = 2 direction = S2MM"),
        "in.mlir:8:7: trace @w watches port DMA:2 S2MM, which tile (0, 2) does not have",
    ),
    "port of a memory module": (
        module(
            "aie.trace.packet id = 1 type = mem "
            "aie.trace.port<0> port = DMA channel = 0 direction = S2MM"
        ),
        "in.mlir:8:42: trace @w of a memory module watches port DMA:0 S2MM\n"
        "  because: the stream switch belongs to the core module\n"
        "  try: aie.trace.packet type = core",
    ),
    "no buffer": (
        module(start="aie.trace.start_config @w"),
        "in.mlir:13:7: traces are started, and the host keeps no buffer for them\n"
        "  try: aie.trace.host_config {buffer_size = 8192 : i32} before this line",
    ),
    "another trace": (
        module(start="aie.trace.host_config {buffer_size = 64 : i32} aie.trace.start_config @v"),
        "in.mlir:13:54: there is no trace @v to start\n  because: the device has @w",
    ),
    "buffer size": (
        module(start="aie.trace.host_config {buffer_size = 40 : i32} aie.trace.start_config @w"),
        "in.mlir:13:7: a trace buffer of 40 bytes\n"
        "  because: trace packets have 32 bytes\n"
        "  try: 64",
    ),
    "column": (
        module(
            start="aie.trace.host_config {buffer_size = 64 : i32, egress_shim_col = 4 : i32} "
            "aie.trace.start_config @w"
        ),
        "in.mlir:13:7: traces leave at column 4\n  because: npu1 has columns 0..3",
    ),
    "no channel left": (
        module(flows=BOTH_CHANNELS).replace("npu1", "npu1_1col"),
        "in.mlir:15:7: no S2MM channel of tile (0, 0) is left for trace packets\n"
        "  because: channel 0 of tile (0, 0) takes a flow of in.mlir:7:5; "
        "channel 1 of tile (0, 0) takes a flow of in.mlir:8:5\n"
        "  try: a device of more columns, or fewer drains",
    ),
    "no channel left in that column": (
        module(
            start=START.replace("64 : i32", "64 : i32, egress_shim_col = 2 : i32"),
            flows="%s2 = aie.tile(2, 0)" + BOTH_CHANNELS.replace("%s", "%s2"),
        ),
        "in.mlir:15:7: no S2MM channel of tile (2, 0) is left for trace packets\n"
        "  because: channel 0 of tile (2, 0) takes a flow of in.mlir:7:5; "
        "channel 1 of tile (2, 0) takes a flow of in.mlir:8:5\n"
        "  try: egress_shim_col = another column",
    ),
}


@pytest.mark.parametrize("title", LOWERING)
def test_a_module_that_cannot_be_traced(title: str) -> None:
    text, message = LOWERING[title]
    with pytest.raises(DesignError) as caught:
        lower(parse_module(text, "in.mlir"), "lower-traces")
    assert str(caught.value) == message


def test_the_next_column_with_room_takes_the_packets() -> None:
    lowered = lower(parse_module(module(flows=BOTH_CHANNELS), "in.mlir"), "lower-traces")
    [flow] = [op for op in lowered.walk() if isinstance(op, PacketFlowOp)]
    [end] = flow.dests
    assert (tile_of(end.tile), end.port) == (Tile(1, 0), (Bundle.DMA, 1))


TWO_SEQUENCES = """
    aie.runtime_sequence @other(%a : memref<64xi32>) {
      aie.trace.host_config {buffer_size = 128 : i32, egress_shim_col = COLUMN : i32}
      aie.trace.start_config @w
    }
"""


def test_two_sequences_share_one_way_out() -> None:
    first, end = module().rsplit("  }\n}\n", 1)[0], "  }\n}\n"
    text = first + TWO_SEQUENCES.replace("COLUMN", "0") + end
    lowered = lower(parse_module(text, "in.mlir"), "lower-traces")
    assert len([op for op in lowered.walk() if isinstance(op, PacketFlowOp)]) == 1
    for name, size in (("sequence", 64), ("other", 128)):
        [plan] = lower_to_plans(parse_module(text, "in.mlir"), sequence=name)
        assert plan.traces is not None
        assert [(each.byte_count, each.sources) for each in plan.traces.buffers] == [(size, (0,))]
    with pytest.raises(DesignError) as caught:
        lower(parse_module(text.replace("shim_col = 0", "shim_col = 2"), "in.mlir"), "lower-traces")
    assert str(caught.value) == (
        "in.mlir:17:7: trace @w leaves through column 0 for one sequence and through column 2 for "
        "another\n"
        "  because: its packets would go to both, and wait at the one that nobody reads\n"
        "  try: one egress_shim_col"
    )


def test_a_trace_without_a_sequence() -> None:
    text = module()
    without = text[: text.index("    aie.runtime_sequence")] + "  }\n}\n"
    with pytest.raises(DesignError) as caught:
        lower(parse_module(without, "in.mlir"), "lower-traces")
    assert str(caught.value) == (
        "in.mlir:7:5: the device has traces and no runtime sequence that starts them\n"
        "  try: aie.runtime_sequence with aie.trace.start_config"
    )


def test_two_traces_of_one_unit() -> None:
    other = """aie.trace @v(%t) {
      aie.trace.event <"INSTR_EVENT_0">
    }"""
    text = module(flows=other, start=f"{START} aie.trace.start_config @v")
    with pytest.raises(DesignError) as caught:
        lower(parse_module(text, "in.mlir"), "lower-traces")
    assert str(caught.value) == (
        "in.mlir:6:5: traces @w and @v configure one unit differently\n"
        "  because: tile (0, 2) has one core trace unit; @w is at in.mlir:9:5"
    )


def test_a_trace_behind_an_argument_that_is_no_tensor() -> None:
    text = module(start=START.replace("64 : i32", "64 : i32, reuse_output_buffer = true"))
    with pytest.raises(DesignError) as caught:
        lower(parse_module(text.replace("%a : memref<64xi32>", ""), "in.mlir"), "lower-traces")
    assert str(caught.value) == (
        "in.mlir:13:7: reuse_output_buffer without a tensor to put the trace behind\n"
        "  because: the sequence's last argument is missing"
    )


REGISTERS = """\
module {{
  aie.device(npu1) {{
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.packet_flow(1) {{
      aie.packet_source<%t, Trace : 0>
      aie.packet_dest<%s, DMA : 1>
    }} {{keep_pkt_header = true}}
    aie.runtime_sequence(%a : memref<64xi32>) {{
      {body}
    }}
  }}
}}
"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "aiex.npu.write32 {address = 213200 : ui32, value = 1 : ui32, column = 0 : i32, "
            "row = 2 : i32}",
            "in.mlir:10:7: the trace unit of tile (0, 2) is set to mode 1\n"
            "  because: the simulator records in mode 0, Event-Time",
        ),
        (
            "aiex.npu.write32 {address = 213200 : ui32, value = 0 : ui32, column = 0 : i32, "
            "row = 2 : i32}\n"
            "aiex.npu.write32 {address = 213204 : ui32, value = 8193 : ui32, column = 0 : i32, "
            "row = 2 : i32}",
            "in.mlir:10:7: the core trace unit of tile (0, 2) sends packets of type 2\n"
            "  because: its type is 0",
        ),
        (
            "aiex.npu.write32 {address = 119308 : ui32, value = 15 : ui32, column = 0 : i32, "
            "row = 0 : i32}",
            "in.mlir:10:7: S2MM 1 of tile (0, 0) is to take trace packets, and its descriptor was "
            "not written\n"
            "  because: descriptor 15 needs its words and the address of an argument",
        ),
    ],
    ids=["mode", "type", "descriptor"],
)
def test_registers_that_cannot_be_traced(body: str, message: str) -> None:
    with pytest.raises(DesignError) as caught:
        lower_to_plan(parse_module(REGISTERS.format(body=body), "in.mlir"))
    assert str(caught.value) == message


def stray_worker() -> Worker:
    """A worker of no program."""
    return Worker(None)


PROGRAMS: dict[str, tuple[Callable[[], Any], str]] = {
    "size": (
        lambda: program(trace_size=100),
        "enable_trace(trace_size=100)\n"
        "  because: it is a number of bytes, and trace packets have 32\n"
        "  try: 8192",
    ),
    "mode": (
        lambda: program(core_trace_mode=TraceMode.EventPC),
        "enable_trace(core_trace_mode=TraceMode.EventPC)\n"
        "  because: cores have no program counter in the simulator\n"
        "  try: TraceMode.EventTime",
    ),
    "nine events": (
        lambda: program(coretile_events=["LOCK_STALL"] * 9).resolve_program(),
        "enable_trace() with 9 events of one kind\n  because: a trace unit records 8",
    ),
    "unknown name": (
        lambda: program(coretile_events=["STALLED"]).resolve_program(),
        "unknown trace event 'STALLED'\n"
        "  because: no event of the core unit is known by that name or number here\n"
        "  try: a member of CoreEvent",
    ),
    "event of another unit": (
        lambda: program(memtile_events=[], coremem_events=[CoreEvent.ACTIVE]).resolve_program(),
        "CoreEvent.ACTIVE in a trace of the memory unit\n  because: its events are those of "
        "MemEvent",
    ),
    "no event": (
        lambda: GenericEvent("LOCK_STALL"),
        "GenericEvent('LOCK_STALL')\n"
        "  because: an event is a member of CoreEvent, MemEvent, ShimTileEvent or MemTileEvent",
    ),
    "no port event": (
        lambda: PortEvent(CoreEvent.LOCK_STALL, WireBundle.DMA, 0),
        "PortEvent(LOCK_STALL)\n"
        "  because: it is not an event about a port\n"
        "  try: CoreEvent.PORT_RUNNING_0",
    ),
    "port event of another unit": (
        lambda: PortEvent(ShimTileEvent.PORT_RUNNING_0, WireBundle.DMA, 0),
        "PortEvent(PORT_RUNNING_0)\n"
        "  because: it is not an event about a port\n"
        "  try: ShimTileEvent.PORT_RUNNING_0",
    ),
    "no such port": (
        lambda: ShimTilePortEvent(
            ShimTileEvent.PORT_RUNNING_0, WireBundle.DMA, 2
        ).get_register_writes(),
        "ShimTilePortEvent(PORT_RUNNING_0) watches DMA:2\n  because: the tile has no such port",
    ),
    "device": (
        lambda: get_events_for_device("npu2"),
        "events of 'npu2'\n  because: only those of npu1 are known here\n  try: \"npu1\"",
    ),
}


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_that_cannot_be_traced(title: str) -> None:
    made, message = PROGRAMS[title]
    with pytest.raises(DesignError) as caught:
        made()
    at, _, rest = str(caught.value).partition(": ")
    assert at.startswith("tests/traces/")
    assert rest == message


def test_a_worker_of_another_program() -> None:
    other = stray_worker()
    with pytest.raises(DesignError) as caught:
        program(workers=[other]).resolve_program()
    at, _, rest = str(caught.value).partition(": ")
    assert at.startswith("tests/traces/traced_programs.py")
    assert rest == (
        "enable_trace() of a Worker that is not the program's\n"
        f"  because: {other!r} made at {other.created_at} is not among its workers"
    )


def test_register_writes_of_a_port_event() -> None:
    event = PortEvent(CoreEvent.PORT_RUNNING_5, WireBundle.DMA, 1, master=False)
    assert event.get_register_writes() == {0x3FF00: 0, 0x3FF04: 2 << 8}
    assert event.direction == "MM2S"
    assert GenericEvent(MemEvent.TRUE).get_register_writes() == {}


def placed(*tiles: tuple[int, int], start: bool = True, **options: Any) -> None:
    """A placed design that traces these tiles, and starts the traces."""

    @device(AIEDevice.npu1_1col)
    def body() -> None:
        made = {place: tile(*place) for place in tiles}
        if tiles:
            configure_trace([made[place] for place in tiles], **options)

        @runtime_sequence(np.ndarray[(4,), np.dtype[np.int32]])
        def sequence(a: Any) -> None:
            if start:
                start_trace(**({"routing": "per_column"} if tiles else {}))


PLACED: dict[str, tuple[Callable[[], None], str]] = {
    "listed three times": (
        lambda: placed((0, 2), (0, 2), (0, 2)),
        "configure_trace() with one tile listed 3 times\n  because: it has 2 trace units",
    ),
    "a shim listed twice": (
        lambda: placed((0, 0), (0, 0)),
        "configure_trace() with one tile listed 2 times\n  because: it has 1 trace unit",
    ),
    "nine events": (
        lambda: placed((0, 1), memtile_events=["PORT_RUNNING_0"] * 9),
        "configure_trace() with 9 events of one kind\n  because: a trace unit records 8",
    ),
    "another routing": (
        lambda: placed((0, 2)),
        "start_trace(routing='per_column')\n"
        "  because: trace packets leave through one shim here\n"
        '  try: "single"',
    ),
    "nothing to start": (
        lambda: placed(),
        "start_trace() in a device without traces\n"
        "  try: configure_trace([tile, ...]) in the device, before the sequence",
    ),
}


@pytest.mark.parametrize("title", PLACED)
def test_a_placed_design_that_cannot_be_traced(title: str) -> None:
    made, message = PLACED[title]
    with pytest.raises(DesignError) as caught, mlir_mod_ctx():
        made()
    at, _, rest = str(caught.value).partition(": ")
    assert at.startswith("tests/traces/test_trace_refusals.py:")
    assert rest == message
