"""Two columns, both channels of each shim at once, and more transfers than a queue holds."""

import sys

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

CHUNK, CHUNKS, LANES = 8, 6, 4
chunk_ty = np.ndarray[(CHUNK,), np.dtype[np.int16]]
tensor_ty = np.ndarray[(LANES, CHUNKS, CHUNK), np.dtype[np.int16]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_2col)
    def device_body():
        shims = [tile(column, 0) for column in range(2)]
        lanes = []
        for lane in range(LANES):
            worker = logical_tile(AIETileType.CoreTile, col=lane // 2)
            assert worker.is_core_tile()
            lanes.append(
                (
                    object_fifo(f"in{lane}", shims[lane // 2], worker, 2, chunk_ty),
                    object_fifo(f"out{lane}", worker, shims[lane // 2], 2, chunk_ty),
                )
            )

            @core(worker)
            def core_body():
                taken, given = lanes[lane]
                for _ in range_(sys.maxsize):
                    a = taken.acquire(ObjectFifoPort.Consume, 1)
                    b = given.acquire(ObjectFifoPort.Produce, 1)
                    for i in range_(CHUNK):
                        b[i] = a[i] - lane
                    taken.release(ObjectFifoPort.Consume, 1)
                    given.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            for chunk in range(CHUNKS):
                for lane, (taken, given) in enumerate(lanes):
                    bd = 8 * (lane % 2) + 2 * (chunk % 2)
                    here = dict(
                        offsets=[0, 0, 0, (lane * CHUNKS + chunk) * CHUNK],
                        sizes=[1, 1, 1, CHUNK],
                        strides=[0, 0, 0, 1],
                    )
                    npu_dma_memcpy_nd(taken, bd, a, **here)
                    npu_dma_memcpy_nd(given, bd + 1, b, **here)
                for _, given in lanes:
                    dma_wait(given)

    print(ctx.module)
