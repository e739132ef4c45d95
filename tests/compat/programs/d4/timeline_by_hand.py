# A host that makes room for the trace itself, keeps it, and turns it into a timeline by hand.
import json
import sys
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.utils import DefaultNPURuntime
from aie.utils.trace import TraceConfig, event_ir, parse, utils

N, OBJECTS, BYTES = 16, 4, 2048
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * OBJECTS,), np.dtype[np.int32]]


@iron.jit
def negated(x: In, y: Out):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = -a[i]
        src.release(1)
        dst.release(1)

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    rt = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()])
    program = Program(NPU1Col1(), rt, workers=[Worker(core, [of_in.cons(), of_out.prod()])])
    program.enable_trace(BYTES)
    return program.resolve_program()


folder = Path(tempfile.mkdtemp())
config = TraceConfig(BYTES, trace_file=str(folder / "trace.txt"))
x, y = iron.arange(N * OBJECTS, dtype=np.int32), iron.zeros(N * OBJECTS, dtype=np.int32)
args = DefaultNPURuntime.prepare_args_for_trace([x, y], config)
assert len(args) == 3 and args[2].nbytes == BYTES
recorded = negated(x, y).trace_buffer
args[2][:] = np.asarray(recorded).view(np.int8)
buffer, answers = DefaultNPURuntime.extract_trace_from_args(args, config)
assert len(args) == 2 and answers is None
DefaultNPURuntime.process_trace(buffer, answers, config)
np.testing.assert_array_equal(y.numpy(), -x.numpy())
np.testing.assert_array_equal(config.read_trace(), recorded)

module = str(negated.as_mlir())
(folder / "design.mlir").write_text(module)
options = {"input": "trace.txt", "mlir": "design.mlir", "output": "trace.json"}
sys.argv = ["parse.py", *(f"--{name}={folder / file}" for name, file in options.items())]
parse.main()
written = json.loads((folder / "trace.json").read_text())

# The same timeline from the commands, with the steps that both modules of the tools have.
words = utils.trim_trace_pkts((folder / "trace.txt").read_text().split())
streams = utils.convert_to_byte_stream(utils.trace_pkts_de_interleave(words))
commands = utils.convert_to_commands(streams)
units = event_ir.parse_mlir_trace_events(module.splitlines(keepends=True))
units = parse.align_column_start_index(units, commands)
timeline = []
event_ir.setup_trace_metadata(timeline, units)
named = len(timeline)
event_ir.convert_commands_to_json(timeline, commands, units)
assert timeline == written

((place, numbers),) = units[0].items()
pid = numbers[-1]
first = timeline[named]
assert parse.lookupEventNameInStr(first["tid"], pid, units) == first["name"]
assert event_ir.lookupEventNameInStr(str(first["tid"]), pid, units) == first["name"]

# Slot 0 goes on through the record that follows at once; the one behind a pause ends it.
begun, active = [], {}
parse.activate_event(0, 0, place, 10, pid, active, units, begun, None)
parse.activate_event(0, 0, place, 11, pid, active, units, begun, None)
parse.deactivate_events([0], active, 12, 0, pid, 0, place, units, begun, None)
parse.deactivate_events([0], active, 13, 5, pid, 0, place, units, begun, None)
assert [(event["ph"], event["ts"], event["tid"]) for event in begun] == [("B", 10, 0), ("E", 13, 0)]
assert {event["name"] for event in begun} == {parse.lookupEventNameInStr(0, pid, units)}
