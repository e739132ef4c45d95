"""A thin re-export; the code is in `ironbird.iron.dialects`."""

from ironbird.iron.dialects.descriptors import shim_dma_bd
from ironbird.iron.dialects.dma_programs import bds
from ironbird.iron.dialects.locks import set_lock_value
from ironbird.iron.dialects.locks import set_lock_value as set_lock
from ironbird.iron.dialects.registers import (
    control_packet,
    npu_address_patch,
    npu_blockwrite,
    npu_load_pdi,
    npu_maskwrite32,
    npu_preempt,
    npu_push_queue,
    npu_write32,
    npu_writebd,
)
from ironbird.iron.dialects.runtime_parameters import npu_write_rtp
from ironbird.iron.dialects.runtime_parameters import npu_write_rtp as npu_rtp_write
from ironbird.iron.dialects.runtime_parameters import npu_write_rtp as rtp_write
from ironbird.iron.dialects.sequences import configure, run, runtime_sequence
from ironbird.iron.dialects.tasks import (
    dma_await_task,
    dma_configure_task,
    dma_configure_task_for,
    dma_free_task,
    dma_start_bd_chain,
    dma_start_bd_chain_for,
    dma_start_task,
    shim_dma_single_bd_task,
)
from ironbird.iron.dialects.transfers import (
    NpuDmaMemcpyNd,
    dma_wait,
    npu_dma_memcpy_nd,
    npu_dma_wait,
    npu_sync,
)
from ironbird.iron.dialects.types import v8bfp16ebs8, v16bfp16ebs16
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["bp_dest", "bp_id", "broadcast_packet", "multi_dest", "multicast"],
    instead="packetflow, with several destinations",
)

__all__ = [
    "NpuDmaMemcpyNd",
    "bds",
    "configure",
    "control_packet",
    "dma_await_task",
    "dma_configure_task",
    "dma_configure_task_for",
    "dma_free_task",
    "dma_start_bd_chain",
    "dma_start_bd_chain_for",
    "dma_start_task",
    "dma_wait",
    "npu_address_patch",
    "npu_blockwrite",
    "npu_dma_memcpy_nd",
    "npu_dma_wait",
    "npu_load_pdi",
    "npu_maskwrite32",
    "npu_preempt",
    "npu_push_queue",
    "npu_rtp_write",
    "npu_sync",
    "npu_write32",
    "npu_write_rtp",
    "npu_writebd",
    "rtp_write",
    "run",
    "runtime_sequence",
    "set_lock",
    "set_lock_value",
    "shim_dma_bd",
    "shim_dma_single_bd_task",
    "v8bfp16ebs8",
    "v16bfp16ebs16",
]
