# Lambdas and functions become functions of the device; a helper gives lambdas their types.
from inspect import signature

import numpy as np
from aie.dialects.aie import AIEDevice, ObjectFifoPort, core, device, object_fifo, tile
from aie.dialects.aiex import dma_wait, npu_dma_memcpy_nd, runtime_sequence
from aie.extras.context import mlir_mod_ctx
from aie.helpers.dialects.func import FuncBase, func, isalambda, prep_func_types
from aie.iron.controlflow import range_

line = np.ndarray[(16,), np.dtype[np.int32]]


def of_the_device(function, name=None):
    if not isalambda(function):
        return func(function)

    def typed(a: np.int32, b: np.int32):
        return function(a, b)

    typed.__name__ = name
    return func(typed)


def mixed(a: np.int32, b: np.int32):
    return a * 2 - b


def labelled(a: line, count: np.int32) -> np.int32:
    return count


assert prep_func_types(signature(mixed), [np.int32]) == ([np.int32, np.int32], [np.int32])
assert prep_func_types(signature(labelled), []) == ([line, np.int32], [np.int32])
assert isalambda(lambda a: a) and not isalambda(mixed)

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def design():
        shim, worker = tile(0, 0), tile(0, 2)
        of_in = object_fifo("in", shim, worker, 2, line)
        of_out = object_fifo("out", worker, shim, 2, line)
        combine = of_the_device(mixed)
        masked = of_the_device(lambda a, b: a & b, name="masked")
        assert isinstance(combine, FuncBase) and isinstance(masked, FuncBase)

        @core(worker)
        def work():
            made = combine.emit()
            assert "@mixed" in str(made)
            a = of_in.acquire(ObjectFifoPort.Consume, 1)
            b = of_out.acquire(ObjectFifoPort.Produce, 1)
            for i in range_(16):
                b[i] = combine(masked(a[i], 12), a[i])
            of_in.release(ObjectFifoPort.Consume, 1)
            of_out.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(line, line)
        def sequence(a, b):
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 16])
            npu_dma_memcpy_nd(of_out, 1, b, sizes=[1, 1, 1, 16])
            dma_wait(of_out)


print(ctx.module)
