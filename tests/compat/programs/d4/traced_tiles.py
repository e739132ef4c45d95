# Events of a memory tile, of a shim and of a core's memory; the times of the run, by iteration.
import aie.iron as iron
import numpy as np
from aie.dialects.aie import WireBundle
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.utils.benchmark import print_benchmark, run_iters
from aie.utils.trace import MemTilePortEvent, ShimTilePortEvent, parse_trace
from aie.utils.trace.events import MemEvent, MemTileEvent, ShimTileEvent

N, TILES = 32, 4
tile = np.ndarray[(N,), np.dtype[np.int32]]
pair = np.ndarray[(2 * N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TILES,), np.dtype[np.int32]]


@iron.jit
def squares(x: In, y: Out):
    of_pair = ObjectFifo(pair, name="pair")
    of_in = of_pair.cons().forward(obj_type=tile, name="in")
    of_out = ObjectFifo(tile, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = a[i] * a[i]
        src.release(1)
        dst.release(1)

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    rt = Runtime(sequence, [whole, whole, of_pair.prod(), of_out.cons()])
    worker = Worker(core, [of_in.cons(), of_out.prod()])
    program = Program(NPU1Col1(), rt, workers=[worker])
    program.enable_trace(
        4096,
        coremem_events=[MemEvent.DMA_S2MM_0_START_TASK, MemEvent.DMA_S2MM_0_FINISHED_BD],
        memtile_events=[MemTilePortEvent(MemTileEvent.PORT_RUNNING_2, WireBundle.DMA, 0, True)],
        shimtile_events=[
            ShimTileEvent.DMA_S2MM_0_FINISHED_TASK,
            ShimTilePortEvent(ShimTileEvent.PORT_RUNNING_0, WireBundle.DMA, 0, False),
        ],
    )
    return program.resolve_program()


x, y = iron.arange(N * TILES, dtype=np.int32), iron.zeros(N * TILES, dtype=np.int32)
timed = run_iters(squares, x, y, warmup=0, iters=2)
print_benchmark(timed, "squares")
np.testing.assert_array_equal(y.numpy(), x.numpy() ** 2)
assert timed.modelled_us.stdev == 0 < timed.modelled_us.mean

events = parse_trace(timed.result.trace_buffer, squares.as_mlir())
begun = [event["name"] for event in events if event["ph"] == "B"]
assert begun.count("DMA_S2MM_0_FINISHED_BD") == TILES
assert begun.count("DMA_S2MM_0_FINISHED_TASK") == 1
assert begun.count("PORT_RUNNING_2") >= 1 and begun.count("PORT_RUNNING_0") >= 1
