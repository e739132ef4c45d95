"""npu1 as numbers: AMD Phoenix, XDNA1, AIE-ML; 4 columns of 1 shim, 1 memory and 4 core tiles.

Sources: AM020 (AMD, Versal AIE-ML Architecture) chapters 2, 3 and 5; mlir-aie
include/aie/Dialect/AIE/IR/AIETargetModel.h and lib/Dialect/AIE/IR/AIETargetModel.cpp for what the
tools present; lib/Dialect/AIEX/IR/AIEXDialect.cpp for the widths of descriptor fields.
"""

from dataclasses import replace

from ironbird.base.access_pattern import DescriptorLimits
from ironbird.base.device import Bundle, DeviceModel, TileKind, TileModel

CORE_TILE = TileModel(
    kind=TileKind.CORE,
    memory_bytes=64 * 1024,
    bank_count=4,
    channels_each_way=2,
    descriptor_count=16,
    lock_count=16,
    max_lock_value=63,
    task_queue_depth=4,
    max_repeat=256,
    descriptor=DescriptorLimits(
        max_dimensions=3,
        max_wrap=2**8 - 1,
        max_step_words=2**13,
        max_iteration=64,
        max_iteration_step_words=2**13,
        max_length_words=2**14 - 1,
    ),
    outputs={
        Bundle.CORE: 1,
        Bundle.DMA: 2,
        Bundle.FIFO: 1,
        Bundle.NORTH: 6,
        Bundle.WEST: 4,
        Bundle.SOUTH: 4,
        Bundle.EAST: 4,
        Bundle.TILE_CONTROL: 1,
    },
    inputs={
        Bundle.CORE: 1,
        Bundle.DMA: 2,
        Bundle.FIFO: 1,
        Bundle.NORTH: 4,
        Bundle.WEST: 4,
        Bundle.SOUTH: 6,
        Bundle.EAST: 4,
        Bundle.TRACE: 2,
        Bundle.TILE_CONTROL: 1,
    },
)

MEMORY_TILE = TileModel(
    kind=TileKind.MEMORY,
    memory_bytes=512 * 1024,
    bank_count=8,
    channels_each_way=6,
    descriptor_count=48,
    lock_count=64,
    max_lock_value=63,
    task_queue_depth=4,
    max_repeat=256,
    descriptor=DescriptorLimits(
        max_dimensions=4,
        max_wrap=2**10 - 1,
        max_step_words=2**17,
        max_iteration=64,
        max_iteration_step_words=2**17,
        max_length_words=2**17 - 1,
    ),
    outputs={Bundle.DMA: 6, Bundle.NORTH: 6, Bundle.SOUTH: 4, Bundle.TILE_CONTROL: 1},
    inputs={
        Bundle.DMA: 6,
        Bundle.NORTH: 4,
        Bundle.SOUTH: 6,
        Bundle.TRACE: 1,
        Bundle.TILE_CONTROL: 1,
    },
)

SHIM_TILE = TileModel(
    kind=TileKind.SHIM,
    memory_bytes=0,
    bank_count=0,
    channels_each_way=2,
    descriptor_count=16,
    lock_count=16,
    max_lock_value=63,
    task_queue_depth=4,
    max_repeat=256,
    descriptor=DescriptorLimits(
        max_dimensions=3,
        max_wrap=2**10 - 1,
        max_step_words=2**20,
        max_iteration=64,
        max_iteration_step_words=2**20,
        max_length_words=2**32 - 1,
    ),
    outputs={
        Bundle.FIFO: 1,
        Bundle.NORTH: 6,
        Bundle.WEST: 4,
        Bundle.SOUTH: 6,
        Bundle.EAST: 4,
        Bundle.TILE_CONTROL: 1,
    },
    inputs={
        Bundle.FIFO: 1,
        Bundle.NORTH: 4,
        Bundle.WEST: 4,
        Bundle.SOUTH: 8,
        Bundle.EAST: 4,
        Bundle.TRACE: 1,
        Bundle.TILE_CONTROL: 1,
    },
)

# The shim's DMA channels reach its switch through a multiplexer (mlir-aie docs/Devices.md).
SHIM_MM2S_SOUTH_PORTS = (3, 7)
SHIM_S2MM_SOUTH_PORTS = (2, 3)

NPU1 = DeviceModel(
    name="npu1",
    columns=4,
    rows=6,
    tile_models={
        TileKind.CORE: CORE_TILE,
        TileKind.MEMORY: MEMORY_TILE,
        TileKind.SHIM: SHIM_TILE,
    },
    default_stack_bytes=1024,
    program_bytes=16 * 1024,
)

DEVICES: dict[str, DeviceModel] = {
    "npu1": NPU1,
    **{f"npu1_{n}col": replace(NPU1, name=f"npu1_{n}col", columns=n) for n in (1, 2, 3)},
}
"""The devices by the name that `aie.device(...)` prints."""

# Clock of the AIE array in hertz, by product. The same die runs at different clocks.
# 7940HS: arXiv 2512.13282; 8700G: trace timer against host clock (ignite-xdna docs/SILICON.md).
CLOCK_HERTZ: dict[str, float] = {"7940HS": 1.0e9, "8700G": 1.8e9}
