"""Every column of the device sums its share; cores are chosen with what the device tells."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, NPU1Col1, NPU1Col2, NPU1Col3
from aie.iron.device.device import Device, create_class

device = NPU1()
assert (device.cols, device.rows) == (4, 6)
assert [d().cols for d in (NPU1Col1, NPU1Col2, NPU1Col3)] == [1, 2, 3]
assert isinstance(device, Device) and str(device.get_tile_type(0, 1)).endswith("MemTile")
assert len(device.get_shim_tiles()) == len(device.get_mem_tiles()) == device.cols
assert len(list(device.tile_iterator())) == 24
assert device.get_num_connections(device.get_mem_tiles()[0], output=True) == 6
shim, core = device.get_shim_tiles()[0], device.get_compute_tiles()[0]
assert device.get_num_source_shim_mux_connections(shim) == 2
assert device.get_num_dest_shim_mux_connections(shim) == 2
assert device.get_num_source_switchbox_connections(core) == 2
assert device.get_num_dest_switchbox_connections(core) == 2
assert create_class("Narrow", "npu1_1col")().cols == 1

firsts = [tile for tile in device.get_compute_tiles() if tile.row == 2]
assert device.is_mem_accessible(firsts[1], [firsts[1]])

N, LINES = 32, 3
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
one_ty = np.ndarray[(1,), np.dtype[np.int32]]
fifos_in = [ObjectFifo(line_ty, name=f"in{c}") for c in range(device.cols)]
fifos_out = [ObjectFifo(one_ty, name=f"out{c}") for c in range(device.cols)]


def total(source, sink):
    out = sink.acquire(1)
    out[0] = 0
    for _ in range_(LINES):
        line = source.acquire(1)
        for i in range_(N):
            out[0] += line[i]
        source.release(1)
    sink.release(1)


workers = [
    Worker(total, [i.cons(), o.prod()], tile.copy())
    for i, o, tile in zip(fifos_in, fifos_out, firsts)
]
in_ty = np.ndarray[(LINES * N,), np.dtype[np.int32]]
rt = Runtime()
with rt.sequence(*[in_ty] * 4, np.ndarray[(4,), np.dtype[np.int32]]) as (*sources, sums):
    rt.start(*workers)
    for fifo, source in zip(fifos_in, sources):
        rt.fill(fifo.prod(), source)
    for c, fifo in enumerate(fifos_out):
        tap = sums.default_tap()
        rt.drain(fifo.cons(), sums, type(tap)((4,), c, [1, 1, 1, 1], [0, 0, 0, 1]), wait=True)

print(Program(device, rt).resolve_program())
