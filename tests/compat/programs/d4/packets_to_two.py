"""One packet flow to two cores; each answers in quarters, step by step of its descriptor."""

import aie.iron as iron
import numpy as np
from aie.iron import (
    Acquire,
    Bd,
    BdIteration,
    Buffer,
    DmaChannel,
    Flow,
    In,
    Lock,
    Out,
    PacketDest,
    PacketFlow,
    Program,
    Release,
    Runtime,
    TileDma,
    Worker,
)
from aie.iron.controlflow import range_
from aie.iron.device import Tile

N = 32
line = np.ndarray[(N,), np.dtype[np.int32]]
PACKET_ID = 5


def answer(inbox, outbox, full_in, full_out, factor):
    full_in.acquire(1)
    for i in range_(N):
        outbox[i] = inbox[i] * factor
    full_out.release(4)


@iron.jit
def two_answers(x: In, first: Out, second: Out):
    shim, tiles = Tile(0, 0), [Tile(0, 2), Tile(0, 3)]
    into = PacketFlow(
        PACKET_ID, shim, tiles[0], extra_dsts=[PacketDest(tiles[1])], shim_symbol="into"
    )
    outs = [
        Flow(tile, shim, dst_channel=number, shim_symbol=f"out{number}")
        for number, tile in enumerate(tiles)
    ]
    workers, locks, programs = [], [], []
    for number, tile in enumerate(tiles):
        inbox = Buffer(line, name=f"inbox{number}", tile=tile)
        outbox = Buffer(line, name=f"outbox{number}", tile=tile)
        full_in = Lock(tile, name=f"full_in{number}")
        full_out = Lock(tile, name=f"full_out{number}")
        locks += [full_in, full_out]
        workers.append(
            Worker(
                answer,
                [inbox, outbox, full_in, full_out, 10 ** (number + 1)],
                tile=tile,
                while_true=False,
            )
        )
        quarter = Bd(
            outbox,
            length=N // 4,
            acquires=[Acquire(full_out)],
            iteration=BdIteration(size=4, stride=N // 4),
        )
        received = Bd(inbox, releases=[Release(full_in)], next=None)
        programs.append(
            TileDma(tile, [DmaChannel("S2MM", 0, [received]), DmaChannel("MM2S", 0, [quarter])])
        )

    def sequence(x, first, second, into, outs):
        into.fill(x)
        outs[0].drain(first, wait=True)
        outs[1].drain(second, wait=True)

    rt = Runtime(sequence, [line, line, line, into, outs])
    for flow in (into, *outs):
        rt.add_flow(flow)
    for lock in locks:
        rt.add_lock(lock)
    for program in programs:
        rt.add_tile_dma(program)
    return Program(iron.get_current_device(), rt, workers=workers).resolve_program()


x = iron.arange(N, dtype=np.int32)
first, second = iron.zeros(N, dtype=np.int32), iron.zeros(N, dtype=np.int32)
two_answers(x, first, second)
np.testing.assert_array_equal(first.numpy(), 10 * x.numpy())
np.testing.assert_array_equal(second.numpy(), 100 * x.numpy())
