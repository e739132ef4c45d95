"""A traced design, and its trace buffer taken apart step by step, as a tool for traces does."""

import json
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.utils.trace import GenericEvent, TraceConfig, get_trace_summary
from aie.utils.trace.events import (
    NUM_TRACE_TYPES,
    BasePortEvent,
    CoreEvent,
    MemTilePortEvent,
    MemTilePortEventCodes,
    PacketType,
    PortEvent,
    PortEventCodes,
    ShimTilePortEvent,
    ShimTilePortEventCodes,
    get_events_for_device,
)
from aie.utils.trace.parse import (
    NUM_EVENTS,
    align_column_start_index,
    check_for_valid_trace,
    convert_commands_to_json,
    flatten_repeat_command,
    lookup_event_name_by_type,
    make_event_lists,
    parse_mlir_trace_events,
    parse_trace,
    process_name_metadata,
    setup_trace_metadata,
    thread_name_metadata,
)
from aie.utils.trace.utils import (
    check_odd_word_parity,
    convert_to_byte_stream,
    convert_to_commands,
    create_ctrl_pkt,
    extract_tile,
    get_cycles,
    get_vector_time,
    pack4bytes,
    parity,
    parse_pkt_hdr_in_stream,
    split_trace_segments,
    trace_pkts_de_interleave,
    trim_trace_pkts,
)

N, TILES = 32, 4
tile_ty = np.ndarray[(N,), np.dtype[np.int32]]
all_ty = np.ndarray[(N * TILES,), np.dtype[np.int32]]
folder = Path(tempfile.mkdtemp())
config = TraceConfig(2048, trace_file=str(folder / "trace.txt"))
events = get_events_for_device("npu1")
assert events.CoreEvent is CoreEvent and NUM_TRACE_TYPES == len(PacketType)
assert issubclass(PortEvent, BasePortEvent) and issubclass(BasePortEvent, GenericEvent)
assert issubclass(MemTilePortEvent, BasePortEvent) and issubclass(ShimTilePortEvent, BasePortEvent)
assert CoreEvent.PORT_RUNNING_0 in PortEventCodes
assert MemTilePortEventCodes and ShimTilePortEventCodes


@iron.jit(trace_config=config)
def squared(x, y):
    of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(tile_ty, name="out")

    def core(of_in, of_out):
        a, b = of_in.acquire(1), of_out.acquire(1)
        for i in range_(N):
            b[i] = a[i] * a[i]
        of_in.release(1)
        of_out.release(1)

    worker = Worker(core, [of_in.cons(), of_out.prod()])
    rt = Runtime()
    with rt.sequence(all_ty, all_ty) as (a, b):
        rt.enable_trace(
            config.trace_size,
            workers=[worker],
            coretile_events=[GenericEvent(CoreEvent.LOCK_STALL), CoreEvent.INSTR_LOCK_RELEASE_REQ],
        )
        rt.start(worker)
        rt.fill(of_in.prod(), a)
        rt.drain(of_out.cons(), b, wait=True)
    return Program(NPU1Col1(), rt).resolve_program()


x = iron.arange(N * TILES, dtype=np.int32)
y = iron.zeros(N * TILES, dtype=np.int32)
squared(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() ** 2)

buffer = config.read_trace()
config.write_trace(buffer)
words = trim_trace_pkts((folder / "trace.txt").read_text().split())
assert check_for_valid_trace(config.trace_file, words)
assert split_trace_segments(words + ["00000000"] * 16 + words, min_gap=16) == [words, words]

header = int(words[0], 16)
assert check_odd_word_parity(header) and parity(header) == 1
column, row, kind, _ = extract_tile(header)
fields = parse_pkt_hdr_in_stream(words[0])
assert (fields["col"], fields["row"], fields["type"]) == (column, row, kind)
assert kind == PacketType.CORE and pack4bytes(1, 2, 3, 4) == 0x01020304
assert parity(create_ctrl_pkt(0, 1, 0x34000)) == 1

streams = convert_to_byte_stream(trace_pkts_de_interleave(words))
commands = convert_to_commands(streams)
module = str(squared.as_mlir(x, y))
pid_events = align_column_start_index(parse_mlir_trace_events(module), commands)
((place, numbers),) = pid_events[PacketType.CORE].items()
assert len(numbers) == NUM_EVENTS
name = lookup_event_name_by_type(PacketType.CORE, numbers[0])
assert name == "LOCK_STALL"
(of_core,) = commands[PacketType.CORE].values()
assert of_core[0]["type"] == "Start" and len(flatten_repeat_command(of_core)) >= len(of_core)
assert len(make_event_lists(commands)) == NUM_TRACE_TYPES

timeline = []
setup_trace_metadata(timeline, pid_events)
named = len(timeline)
convert_commands_to_json(timeline, commands, pid_events)
assert any(event["name"] == name and event["ph"] == "B" for event in timeline[named:])
assert timeline == parse_trace(buffer, module)
assert get_vector_time(timeline) == 0

# A timeline of its own, with the names that the tool gives.
made = []
process_name_metadata(made, 0, PacketType.CORE, place)
thread_name_metadata(made, PacketType.CORE, place, 0, 0, pid_events)
made += [
    {"name": f"INSTR_EVENT_{i}", "ph": phase, "ts": 10 + 7 * i, "pid": 0, "tid": 0, "args": {}}
    for i in (0, 1)
    for phase in "BE"
]
(folder / "made.json").write_text(json.dumps(made))
assert get_cycles(folder / "made.json") == 7.0 and callable(get_trace_summary.parse_args)
