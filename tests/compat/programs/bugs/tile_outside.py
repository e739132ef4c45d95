"""One column has no tile in a second one."""

import numpy as np
from aie.dialects.aie import AIEDevice, core, device, object_fifo, tile
from aie.extras.context import mlir_mod_ctx

line = np.ndarray[(16,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(1, 2)  # BUG
        object_fifo("values", shim, worker, 2, line)

        @core(worker)
        def core_body():
            pass

    print(ctx.module)
