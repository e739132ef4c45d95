# A trace taken apart step by step, with everything that reads one; its cores mark their work.
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.dialects.aie import WireBundle, event
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.utils.trace import TraceConfig, events, get_cycles, parse, utils
from aie.utils.trace.events import CoreEvent, GenericEvent, PortEvent

N, OBJECTS = 16, 5
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * OBJECTS,), np.dtype[np.int32]]
port = PortEvent(CoreEvent.PORT_RUNNING_0, WireBundle.DMA, 1, master=True)
assert isinstance(port, events.BasePortEvent) and port.direction == "S2MM"
assert port.get_register_writes() == {0x3FF00: 0x22, 0x3FF04: 0}
assert GenericEvent(CoreEvent.LOCK_STALL).get_register_writes() == {}
for kind, codes in (
    (events.CoreEvent, events.PortEventCodes),
    (events.MemTileEvent, events.MemTilePortEventCodes),
    (events.ShimTileEvent, events.ShimTilePortEventCodes),
):
    assert kind.PORT_TLAST_7 in codes and len(codes) == 32


@iron.jit
def marked(x: In, y: Out):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        event(0)
        for i in range_(N):
            b[i] = a[i] + 2
        event(1)
        src.release(1)
        dst.release(1)

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    rt = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()])
    program = Program(NPU1Col1(), rt, workers=[Worker(core, [of_in.cons(), of_out.prod()])])
    names = events.get_events_for_device("npu1").CoreEvent
    program.enable_trace(512, coretile_events=[names.INSTR_EVENT_0, names.INSTR_EVENT_1, port])
    return program.resolve_program()


x, y = iron.arange(N * OBJECTS, dtype=np.int32), iron.zeros(N * OBJECTS, dtype=np.int32)
result = marked(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() + 2)

folder = Path(tempfile.mkdtemp())
config = TraceConfig(512, trace_file=str(folder / "trace.txt"))
config.write_trace(result.trace_buffer)
words = [f"{word:08x}" for word in config.read_trace()]
assert parse.check_for_valid_trace("trace.txt", words)
assert utils.split_trace_segments(words) == [utils.trim_trace_pkts(words)]
header = utils.parse_pkt_hdr_in_stream(words[0])
assert header["valid"] and header["type"] == events.PacketType.CORE
assert utils.extract_tile(int(words[0], 16)) == (header["col"], header["row"], 0, header["id"])
assert utils.parity(utils.pack4bytes(0, 1, 0, 0)) == 1
assert utils.check_odd_word_parity(utils.create_ctrl_pkt(0, 0, 0x340D0))

tokens = utils.trace_pkts_de_interleave(utils.trim_trace_pkts(words))
commands = utils.convert_to_commands(utils.convert_to_byte_stream(tokens))
assert len(commands) == events.NUM_TRACE_TYPES
((place, stream),) = commands[0].items()
flat = parse.flatten_repeat_command(stream)
assert sum(command.get("event") == 0 for command in flat) == OBJECTS
assert [0] in parse.make_event_lists(commands)[0][place]

units = parse.parse_mlir_trace_events(str(marked.as_mlir()))
units = parse.align_column_start_index(units, commands)
named = [parse.lookup_event_name_by_type(0, code, None) for code in units[0][place]]
assert named[:3] == ["INSTR_EVENT_0", "INSTR_EVENT_1", "PORT_RUNNING_0"]
assert len(named) == parse.NUM_EVENTS
timeline = []
parse.setup_trace_metadata(timeline, units, None)
repeated = []
parse.process_name_metadata(repeated, 0, 0, place)
for slot in range(parse.NUM_EVENTS):
    parse.thread_name_metadata(repeated, 0, place, 0, slot, units, None)
assert repeated == timeline
parse.convert_commands_to_json(timeline, commands, units, None)
assert timeline == parse.parse_trace(result.trace_buffer, str(marked.as_mlir()))
assert utils.get_vector_time(timeline) == 0

(folder / "design.mlir").write_text(str(marked.as_mlir()))
config.trace_to_json(str(folder / "design.mlir"), str(folder / "trace.json"))
((_, cycles),) = utils.get_cycles_summary(str(folder / "trace.json"))
assert len(cycles) == OBJECTS and get_cycles(folder / "trace.json") == cycles[0] > 0
