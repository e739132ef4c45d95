# One of two workers is marked for tracing, with events of its own; the trace comes as a tensor.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.utils.trace import parse_trace
from aie.utils.trace.events import CoreEvent

N, TILES = 16, 8
tile_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(N * TILES,), np.dtype[np.int32]]


@iron.jit
def halves(x: In, y: Out):
    of_x, of_y = ObjectFifo(whole_ty, name="x"), ObjectFifo(whole_ty, name="y")
    half_ty = np.ndarray[(N * TILES // 2,), np.dtype[np.int32]]
    ins = of_x.cons().split([0, N * TILES // 2], obj_types=[half_ty] * 2)
    outs = of_y.prod().join([0, N * TILES // 2], obj_types=[half_ty] * 2)

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N * TILES // 2):
            b[i] = a[i] + 4
        src.release(1)
        dst.release(1)

    stalls = [CoreEvent.LOCK_STALL, CoreEvent.INSTR_LOCK_RELEASE_REQ]
    workers = [
        Worker(core, [ins[0].cons(), outs[0].prod()]),
        Worker(core, [ins[1].cons(), outs[1].prod()], trace=1, trace_events=stalls),
    ]

    def sequence(a, b, h_in, h_out):
        h_in.fill(a)
        h_out.drain(b, wait=True)

    rt = Runtime(sequence, [whole_ty, whole_ty, of_x.prod(), of_y.cons()])
    program = Program(iron.get_current_device(), rt, workers=workers)
    program.enable_trace(1024)
    return program.resolve_program()


x, y = iron.arange(N * TILES, dtype=np.int32), iron.zeros(N * TILES, dtype=np.int32)
halves(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() + 4)

result = halves(x, y)
events = parse_trace(result.trace_buffer, halves.as_mlir())
begun = [event["name"] for event in events if event["ph"] == "B"]
assert begun.count("INSTR_LOCK_RELEASE_REQ") == 2, begun
assert "LOCK_STALL" in begun
