# No fifo: locks, buffers and DMA programs written out, one loop-back through a core's memory.
import aie.iron as iron
import numpy as np
from aie.iron import (
    Acquire,
    Bd,
    Buffer,
    DmaChannel,
    Flow,
    In,
    Lock,
    Out,
    Program,
    Release,
    Runtime,
    TileDma,
    Worker,
)
from aie.iron.controlflow import range_
from aie.iron.device import Tile

N = 64
line = np.ndarray[(N,), np.dtype[np.int32]]


@iron.jit
def increment(x: In, y: Out):
    core_tile, shim = Tile(0, 2), Tile(0, 0)
    inbox = Buffer(line, name="inbox", tile=core_tile)
    outbox = Buffer(line, name="outbox", tile=core_tile)
    free_in, full_in = Lock(core_tile, init=1, name="free_in"), Lock(core_tile, name="full_in")
    free_out, full_out = Lock(core_tile, init=1, name="free_out"), Lock(core_tile, name="full_out")

    def core(inbox, outbox, free_in, full_in, free_out, full_out):
        full_in.acquire(1)
        free_out.acquire(1)
        for i in range_(N):
            outbox[i] = inbox[i] + 1
        free_in.release(1)
        full_out.release(1)

    worker = Worker(core, [inbox, outbox, free_in, full_in, free_out, full_out], tile=core_tile)
    into = Flow(shim, core_tile, shim_symbol="into")
    out = Flow(core_tile, shim, shim_symbol="out")

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    rt = Runtime(sequence, [line, line, into, out])
    for lock in (free_in, full_in, free_out, full_out):
        rt.add_lock(lock)
    for flow in (into, out):
        rt.add_flow(flow)
    rt.add_tile_dma(
        TileDma(
            core_tile,
            [
                DmaChannel(
                    "S2MM", 0, [Bd(inbox, acquires=[Acquire(free_in)], releases=[Release(full_in)])]
                ),
                DmaChannel(
                    "MM2S",
                    0,
                    [Bd(outbox, acquires=[Acquire(full_out)], releases=[Release(free_out)])],
                ),
            ],
        )
    )
    return Program(iron.get_current_device(), rt, workers=[worker]).resolve_program()


x = iron.arange(N, dtype=np.int32)
y = iron.zeros(N, dtype=np.int32)
increment(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() + 1)
