"""What an operation must satisfy, one file per subject; `CHECKS` says which check is whose."""

from collections.abc import Callable
from typing import Any

from xdsl.dialects import func
from xdsl.ir import Operation

from ironbird.ir import aie, aiex
from ironbird.ir.checks import (
    cores,
    descriptors,
    fifo_uses,
    memory,
    objectfifos,
    sequences,
    streams,
    tiles,
)
from ironbird.ir.checks.scope import Scope

CHECKS: dict[type[Operation], Callable[[Any, Scope], None]] = {
    aie.AmselOp: streams.check_amsel,
    aie.BufferOp: memory.check_buffer,
    aie.CascadeFlowOp: cores.check_cascade_flow,
    aie.ConfigureCascadeOp: cores.check_configure_cascade,
    aie.CoreOp: cores.check_core,
    aie.DeviceOp: tiles.check_device,
    aie.DmaBdOp: descriptors.check_descriptor,
    aie.DmaBdPacketOp: descriptors.check_packet,
    aie.DmaOp: descriptors.check_start,
    aie.DmaStartOp: descriptors.check_start,
    aie.EventOp: cores.check_event,
    aie.FlowOp: streams.check_flow,
    aie.GetCascadeOp: cores.check_cascade_value,
    aie.LockOp: memory.check_lock,
    aie.LogicalTileOp: tiles.check_logical_tile,
    aie.MemOp: descriptors.check_program,
    aie.MemtileDmaOp: descriptors.check_program,
    aie.ObjectFifoAcquireOp: fifo_uses.check_acquire,
    aie.ObjectFifoAllocateOp: objectfifos.check_allocate,
    aie.ObjectFifoLinkOp: objectfifos.check_link,
    aie.ObjectFifoOp: objectfifos.check_fifo,
    aie.ObjectFifoRegisterExternalBuffersOp: objectfifos.check_external_buffers,
    aie.ObjectFifoReleaseOp: fifo_uses.check_release,
    aie.ObjectFifoSubviewAccessOp: fifo_uses.check_access,
    aie.PacketDestOp: streams.check_packet_end,
    aie.PacketFlowOp: streams.check_packet_flow,
    aie.PacketRulesOp: streams.check_packet_rules,
    aie.PacketSourceOp: streams.check_packet_end,
    aie.PutCascadeOp: cores.check_cascade_value,
    aie.ShimDmaAllocationOp: sequences.check_allocation,
    aie.ShimDmaOp: descriptors.check_program,
    aie.ShimMuxOp: streams.check_shim_mux,
    aie.SwitchboxOp: streams.check_switchbox,
    aie.TileOp: tiles.check_tile,
    aie.TraceOp: sequences.check_trace,
    aie.UseLockOp: memory.check_use_lock,
    aiex.ConfigureOp: sequences.check_configure,
    aiex.DmaConfigureTaskForOp: sequences.check_task_for,
    aiex.DmaConfigureTaskOp: descriptors.check_task,
    aiex.DmaStartBdChainForOp: sequences.check_start_chain,
    aiex.DmaStartBdChainOp: sequences.check_start_chain,
    aiex.NpuDmaMemcpyNdOp: sequences.check_memcpy,
    aiex.NpuDmaWaitOp: sequences.check_wait,
    aiex.NpuRtpWriteOp: sequences.check_rtp_write,
    aiex.RunOp: sequences.check_run,
    aiex.SetLockOp: memory.check_set_lock,
    func.CallOp: cores.check_call,
}
