"""A thin re-export; the code is in `ironbird.iron.dialects`."""

from ironbird.ir.aie import BdDimLayoutArrayArrayAttr as BDDimLayoutArrayArrayAttr
from ironbird.ir.aie import BdDimLayoutArrayAttr as BDDimLayoutArrayAttr
from ironbird.ir.aie import BdDimLayoutAttr as BDDimLayoutAttr
from ironbird.ir.aie import BdPadLayoutArrayAttr as BDPadLayoutArrayAttr
from ironbird.ir.aie import BdPadLayoutAttr as BDPadLayoutAttr
from ironbird.ir.aie import ObjectFifoSubviewType, ObjectFifoType, PacketInfoAttr
from ironbird.iron.device import AIETileType
from ironbird.iron.dialect_words import DMAChannelDir, WireBundle
from ironbird.iron.dialects.buffers import buffer, external_buffer, find_matching_buffers
from ironbird.iron.dialects.core import (
    Core,
    EndOp,
    core,
    event,
    get_cascade,
    get_stream,
    put_cascade,
    put_stream,
)
from ironbird.iron.dialects.core import Core as CoreOp
from ironbird.iron.dialects.core import EndOp as end
from ironbird.iron.dialects.descriptors import (
    bd_dim_layout,
    bd_dim_layout_array_array_attr_builder,
    bd_dim_layout_array_attr_builder,
    bd_pad_layout,
    bd_pad_layout_array_attr_builder,
    dma_bd,
    packet_info_attr_builder,
)
from ironbird.iron.dialects.device import Device, device
from ironbird.iron.dialects.device import PlacedDevice as DeviceOp
from ironbird.iron.dialects.dma_programs import (
    AutoInitializingContextManagedBlockList,
    ContextManagedBlock,
    DMAStartOp,
    MemOp,
    MemTileDMAOp,
    NextBDOp,
    ShimDMAOp,
    another_bd,
    bd_chain,
    bds,
    dma,
    dma_start,
    get_dma_region_decorator,
    mem,
    memtile_dma,
    next_bd,
    shim_dma,
    shim_mem,
)
from ironbird.iron.dialects.fifos import object_fifo, object_fifo_link
from ironbird.iron.dialects.fifos import object_fifo as ObjectFifoCreateOp
from ironbird.iron.dialects.flows import PlacedFlow as FlowOp
from ironbird.iron.dialects.flows import (
    cascade_flow,
    configure_cascade,
    find_matching_flows,
    flow,
    packetflow,
    shim_dma_allocation,
)
from ironbird.iron.dialects.functions import call, external_func
from ironbird.iron.dialects.locks import PlacedLock as LockOp
from ironbird.iron.dialects.locks import find_matching_locks, lock, use_lock
from ironbird.iron.dialects.runtime_parameters import npu_write_rtp
from ironbird.iron.dialects.sequences import runtime_sequence
from ironbird.iron.dialects.switches import (
    amsel,
    connect,
    masterset,
    packet_rules,
    rule,
    shim_mux,
    switchbox,
)
from ironbird.iron.dialects.tiles import Neighbors, find_neighbors, logical_tile, tile
from ironbird.iron.dialects.tiles import PlacedLogicalTile as LogicalTileOp
from ironbird.iron.dialects.tiles import PlacedTile as TileOp
from ironbird.iron.dialects.traces import (
    trace,
    trace_combo_event,
    trace_edge_event,
    trace_event,
    trace_host_config,
    trace_mode,
    trace_packet,
    trace_port,
    trace_start,
    trace_start_config,
    trace_stop,
)
from ironbird.iron.dialects.types import T
from ironbird.iron.dialects.words import (
    AIEDevice,
    CascadeDir,
    LockAction,
    LockBlocking,
    ObjectFifoPort,
    TraceMode,
    TracePacketType,
    TraceShimRouting,
)
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    {
        "PLIOOp": "nothing, as npu1 has no programmable logic",
        "get_target_model": "ironbird.base.device",
        "plio": "nothing, as npu1 has no programmable logic",
        "wire": "flow",
    },
)

__all__ = [
    "AIEDevice",
    "AIETileType",
    "AutoInitializingContextManagedBlockList",
    "BDDimLayoutArrayArrayAttr",
    "BDDimLayoutArrayAttr",
    "BDDimLayoutAttr",
    "BDPadLayoutArrayAttr",
    "BDPadLayoutAttr",
    "CascadeDir",
    "ContextManagedBlock",
    "Core",
    "CoreOp",
    "DMAChannelDir",
    "DMAStartOp",
    "Device",
    "DeviceOp",
    "EndOp",
    "FlowOp",
    "LockAction",
    "LockBlocking",
    "LockOp",
    "LogicalTileOp",
    "MemOp",
    "MemTileDMAOp",
    "Neighbors",
    "NextBDOp",
    "ObjectFifoCreateOp",
    "ObjectFifoPort",
    "ObjectFifoSubviewType",
    "ObjectFifoType",
    "PacketInfoAttr",
    "ShimDMAOp",
    "T",
    "TileOp",
    "TraceMode",
    "TracePacketType",
    "TraceShimRouting",
    "WireBundle",
    "amsel",
    "another_bd",
    "bd_chain",
    "bd_dim_layout",
    "bd_dim_layout_array_array_attr_builder",
    "bd_dim_layout_array_attr_builder",
    "bd_pad_layout",
    "bd_pad_layout_array_attr_builder",
    "bds",
    "buffer",
    "call",
    "cascade_flow",
    "configure_cascade",
    "connect",
    "core",
    "device",
    "dma",
    "dma_bd",
    "dma_start",
    "end",
    "event",
    "external_buffer",
    "external_func",
    "find_matching_buffers",
    "find_matching_flows",
    "find_matching_locks",
    "find_neighbors",
    "flow",
    "get_cascade",
    "get_dma_region_decorator",
    "get_stream",
    "lock",
    "logical_tile",
    "masterset",
    "mem",
    "memtile_dma",
    "next_bd",
    "npu_write_rtp",
    "object_fifo",
    "object_fifo_link",
    "packet_info_attr_builder",
    "packet_rules",
    "packetflow",
    "put_cascade",
    "put_stream",
    "rule",
    "runtime_sequence",
    "shim_dma",
    "shim_dma_allocation",
    "shim_mem",
    "shim_mux",
    "switchbox",
    "tile",
    "trace",
    "trace_combo_event",
    "trace_edge_event",
    "trace_event",
    "trace_host_config",
    "trace_mode",
    "trace_packet",
    "trace_port",
    "trace_start",
    "trace_start_config",
    "trace_stop",
    "use_lock",
]
