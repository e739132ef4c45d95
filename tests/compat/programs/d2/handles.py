"""What fifos, handles, workers and the runtime say of themselves."""

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.dataflow.endpoint import ObjectFifoEndpoint
from aie.iron.device import NPU1Col1, Tile
from aie.iron.program import Program as TheProgram
from aie.iron.resolvable import NotResolvedError, Resolvable
from aie.iron.runtime.data import RuntimeData
from aie.iron.runtime.endpoint import RuntimeEndpoint
from aie.iron.runtime.runtime import Runtime as TheRuntime
from aie.iron.worker import WorkerRuntimeBarrier

N = 16
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(4, N), np.dtype[np.int32]]
layout = [(4, 1), (4, 4)]
of_host = ObjectFifo(line_ty, name="host")
of_in = of_host.cons().forward(name="in", dims_to_stream=layout)
of_out = ObjectFifo(line_ty, depth=3, name="out", plio=False, dims_from_stream_per_cons=None)
source = of_in.cons(depth=2, dims_from_stream=[(4, 1), (4, 4)])
sink = of_out.prod(depth=3)
assert of_in.dims_to_stream == layout and of_in.dims_from_stream_per_cons == []
assert (source.name, source.handle_type, source.depth) == ("in", "cons", 2)
assert (sink.shape, sink.dtype, sink.obj_type) == ((N,), np.dtype(np.int32), line_ty)
assert source.dims_from_stream == layout and sink is of_out.prod() and of_out.obj_type == line_ty
assert issubclass(RuntimeEndpoint, ObjectFifoEndpoint) and issubclass(NotResolvedError, Exception)
assert issubclass(TheProgram, Program) and TheRuntime is Runtime and Resolvable is not None

state = Buffer(line_ty, name="state", tile=Tile(0, 3))
assert (state.shape, state.dtype) == ((N,), np.dtype(np.int32)) and state.tile.row == 3
go = WorkerRuntimeBarrier()


def running_sum(source, sink, state, go):
    go.wait_for_value(1)
    for i in range_(N):
        state[i] = 0
    for _ in range_(4):
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(N):
            state[i] += a[i]
            b[i] = state[i]
        source.release(1)
        sink.release(1)


worker = Worker(running_sum, [source, sink, state, [go]][:3] + [go], Tile(0, 3), while_true=False)
assert worker.fifos == [source, sink] and worker.buffers == [state] and worker.tile.row == 3

rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    assert isinstance(x, RuntimeData) and x.shape == (4, N) and x.arr_type == whole_ty
    rt.start(worker)
    rt.set_barrier(go, 1)
    rt.fill(of_host.prod(), x, x.default_tap())
    rt.drain(of_out.cons(), y, wait=True)
assert rt.workers == [worker] and [fifo.name for fifo in rt.fifos] == ["host", "out"]
assert rt.get_first_cons_shimtile() in of_out.tiles(cons_only=True)
assert of_in.tiles()[1] is worker.tile and not of_in.can_used_shared_mem(NPU1Col1())
assert len(source.all_of_endpoints()) == 2 and source.endpoint is worker

print(Program(NPU1Col1(), rt).resolve_program(device_name="main"))
