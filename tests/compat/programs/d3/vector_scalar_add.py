# IRON 1.4.0: markers, placeholders, the sequence as a function.
import aie.iron as iron
import numpy as np
from aie.iron import CompileTime, In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_


@iron.jit
def add_scalar(a_in: In, b_out: Out, *, tile: CompileTime[int], value: CompileTime[int] = 1):
    size = a_in.shape[0]
    tensor_ty = np.ndarray[(size,), np.dtype[a_in.dtype.type]]
    tile_ty = np.ndarray[(tile,), np.dtype[a_in.dtype.type]]
    of_in = ObjectFifo(tile_ty, 2, "in")
    of_out = ObjectFifo(tile_ty, 2, "out")

    def core_body(of_in, of_out):
        for _ in range_(size // tile):
            x = of_in.acquire(1)
            y = of_out.acquire(1)
            for i in range_(tile):
                y[i] = x[i] + value
            of_in.release(1)
            of_out.release(1)

    def sequence(a, b, in_handle, out_handle):
        in_handle.fill(a)
        out_handle.drain(b, wait=True)

    worker = Worker(core_body, fn_args=[of_in.cons(), of_out.prod()])
    rt = Runtime(sequence, [tensor_ty, tensor_ty, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[worker]).resolve_program()


a = iron.arange(512, dtype=np.int32)
b = iron.zeros(512, dtype=np.int32)
for value in (1, 7):
    result = add_scalar(a, b, tile=64, value=value)
    assert result.npu_time > 0
    np.testing.assert_array_equal(b.numpy(), a.numpy() + value)
