"""The operations by the names of their classes, and what they tell about a design."""

import numpy as np
from aie.dialects.aie import (
    AIEDevice,
    AIETileType,
    AutoInitializingContextManagedBlockList,
    ContextManagedBlock,
    DMAChannelDir,
    DMAStartOp,
    EndOp,
    FlowOp,
    LockAction,
    LockOp,
    LogicalTileOp,
    MemTileDMAOp,
    Neighbors,
    NextBDOp,
    T,
    TileOp,
    bd_chain,
    bd_dim_layout,
    bd_dim_layout_array_attr_builder,
    bds,
    buffer,
    device,
    dma_bd,
    find_neighbors,
    flow,
    get_dma_region_decorator,
    lock,
    logical_tile,
    packet_info_attr_builder,
    shim_dma_allocation,
    tile,
    use_lock,
)
from aie.dialects.aiex import (
    NpuDmaMemcpyNd,
    dma_await_task,
    dma_configure_task_for,
    dma_start_bd_chain,
    dma_start_task,
    runtime_sequence,
    set_lock_value,
    shim_dma_bd,
)
from aie.extras.context import mlir_mod_ctx
from aie.helpers.util import (
    get_arg_types,
    infer_mlir_type,
    memref_type_to_np_dtype,
    mlir_type_to_np_dtype,
    np_ndarray_type_to_memref_type,
    try_convert_np_type_to_mlir_type,
)

grid_ty = np.ndarray[(4, 8), np.dtype[np.int32]]
assert memref_type_to_np_dtype(np_ndarray_type_to_memref_type(grid_ty)) is np.int32
assert mlir_type_to_np_dtype(infer_mlir_type(3)) is np.int32
assert try_convert_np_type_to_mlir_type(np.float32) == infer_mlir_type(0.5)

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory, worker = tile(0, 0), tile(0, 1), tile(0, 2)
        assert isinstance(shim, TileOp)
        assert shim.is_shim_noc_tile() and not shim.is_shim_pl_tile()
        assert isinstance(logical_tile(AIETileType.CoreTile), LogicalTileOp)
        assert find_neighbors(worker) == Neighbors(north=None, west=None, south=None)
        store = buffer(memory, grid_ty, name="store")
        assert store.get_name() == "store" and store.owner.tile == memory.result
        full = lock(memory, init=0)
        assert isinstance(full, LockOp)
        assert isinstance(flow(shim, dest=memory), FlowOp)
        flow(memory, dest=shim)
        shim_dma_allocation("rows", shim, DMAChannelDir.MM2S, 0)
        shim_dma_allocation("columns", shim, DMAChannelDir.S2MM, 0)
        turned = bd_dim_layout_array_attr_builder([bd_dim_layout(8, 1), (4, 8)])
        assert packet_info_attr_builder([0, 3]) == packet_info_attr_builder((0, 3))

        @bd_chain(grid_ty)
        def incoming(rows):
            dma_bd(rows)
            EndOp()

        @get_dma_region_decorator(lambda: MemTileDMAOp(T.index(), memory))
        def program(block):
            assert isinstance(block, AutoInitializingContextManagedBlockList)
            assert isinstance(block["out"], ContextManagedBlock)
            DMAStartOp(DMAChannelDir.MM2S, 0, dest=block["out"], chain=block["end"])
            with block["out"]:
                use_lock(full, LockAction.AcquireGreaterEqual)
                dma_bd(store, dimensions=turned)
                NextBDOp(block["out"])
            with block["end"]:
                EndOp()

        @runtime_sequence(grid_ty, grid_ty)
        def sequence(a, b):
            assert get_arg_types([7, a])[0] == infer_mlir_type(7)
            filled = dma_start_bd_chain(
                incoming, [store], memory, DMAChannelDir.S2MM, 0, issue_token=True
            )
            NpuDmaMemcpyNd("rows", 1, a, sizes=[1, 1, 4, 8], strides=[0, 0, 8, 1])
            dma_await_task(filled)
            set_lock_value(full, 1)
            receive = dma_configure_task_for("columns", issue_token=True)
            with bds(receive) as bd, bd[0]:
                shim_dma_bd(b, sizes=[1, 1, 1, 32])
                EndOp()
            dma_start_task(receive)
            dma_await_task(receive)

    print(ctx.module)
