"""Two cores share one channel of the shim each way: packets find their core by an id.

The upper core sends when the lower one has sent, which it sees on a lock of its neighbour.
"""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

part_ty = np.ndarray[(16,), np.dtype[np.int32]]
whole_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim = tile(0, 0)
        cores = [tile(0, 2), tile(0, 3)]
        assert find_neighbors(cores[1]).south.row == 2 and find_neighbors(cores[0]).west is None
        shim_dma_allocation("to_cores", shim, DMAChannelDir.MM2S, 0)
        shim_dma_allocation("to_host", shim, DMAChannelDir.S2MM, 0)
        sent = lock(cores[0], init=0, sym_name="sent")

        for number, place in enumerate(cores):
            packetflow(
                number + 1,
                shim,
                WireBundle.DMA,
                0,
                {"dest": place, "port": WireBundle.DMA, "channel": 0},
            )
            packetflow(
                number + 5,
                source=place,
                source_port=WireBundle.DMA,
                source_channel=0,
                dests=[{"dest": shim, "port": WireBundle.DMA, "channel": 0}],
                keep_pkt_header=False,
            )
            values = buffer(place, part_ty, name=f"values{number}")
            full = lock(place, init=0)
            done = lock(place, init=0)

            @core(place)
            def core_body():
                use_lock(full, LockAction.AcquireGreaterEqual)
                for i in range_(16):
                    values[i] = values[i] + 1000 * (number + 1)
                if number == 1:
                    use_lock(sent, LockAction.AcquireGreaterEqual)
                use_lock(done, LockAction.Release)

            @mem(place)
            def program(block):
                dma_start(DMAChannelDir.S2MM, 0, dest=block["in"], chain=block["send"])
                with block["in"]:
                    dma_bd(values)
                    use_lock(full, LockAction.Release)
                    next_bd(block["end"])
                with block["send"]:
                    dma_start(DMAChannelDir.MM2S, 0, dest=block["out"], chain=block["end"])
                with block["out"]:
                    use_lock(done, LockAction.AcquireGreaterEqual)
                    dma_bd(values, packet=(0, number + 5))
                    use_lock(sent if number == 0 else full, LockAction.Release)
                    next_bd(block["end"])
                with block["end"]:
                    EndOp()

        @runtime_sequence(whole_ty, whole_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd("to_host", 0, b, sizes=[1, 1, 1, 32])
            for number in range(2):
                npu_dma_memcpy_nd(
                    "to_cores",
                    number + 1,
                    a,
                    offsets=[0, 0, 0, 16 * number],
                    sizes=[1, 1, 1, 16],
                    strides=[0, 0, 0, 1],
                    packet=(0, number + 1),
                )
            dma_wait("to_host")

    print(ctx.module)
