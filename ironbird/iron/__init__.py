"""What authors import as `aie.iron`: every generation of IRON since 2025, for npu1.

Objects of a program (`ObjectFifo`, `Worker`, `Runtime`, ...) are plain Python; `Program.resolve()`
traces the functions of workers and sequence into a module of the `aie` dialect. What npu1 does not
have is refused by name. `README.md` tells how the generations are served, and which of upstream's
traps are kept.
"""

from ironbird.iron.barrier import WorkerRuntimeBarrier
from ironbird.iron.bd_iteration import BdIteration
from ironbird.iron.buffer import Buffer
from ironbird.iron.configuration import DeviceConfiguration
from ironbird.iron.controlflow import else_, if_, range_, yield_
from ironbird.iron.device import (
    ensure_current_device,
    get_current_device,
    set_current_device,
)
from ironbird.iron.dtype import dtype_to_str, str_to_dtype
from ironbird.iron.fifo_layout import PadDims, StreamDims
from ironbird.iron.flows import CascadeFlow, Flow, PacketDest, PacketFlow
from ironbird.iron.kernel import ExternalFunction, Kernel, KernelObject
from ironbird.iron.lock import Acquire, Lock, Release
from ironbird.iron.markers import CompileTime, DispatchTime, In, InOut, Out
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.object_fifo_link import ObjectFifoLink
from ironbird.iron.program import Program
from ironbird.iron.resolved_program import ResolvedProgram
from ironbird.iron.runtime import IronRuntimeError, Runtime, ScratchpadParameter, sync_parameters
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.taplib import require
from ironbird.iron.task import Task, TaskGroup
from ironbird.iron.tensor import (
    NpuTensor,
    arange,
    full,
    ones,
    rand,
    randint,
    set_tensor_class,
    tensor,
    zeros,
    zeros_like,
)
from ironbird.iron.tile_dma import Bd, DmaChannel, TileDma
from ironbird.iron.worker import Worker


def ceildiv(a: int, b: int) -> int:
    """`a / b`, rounded up."""
    return -(-a // b)


__all__ = [
    "Acquire",
    "Bd",
    "BdIteration",
    "Buffer",
    "CascadeFlow",
    "CompileTime",
    "DeviceConfiguration",
    "DispatchTime",
    "DmaChannel",
    "ExternalFunction",
    "Flow",
    "In",
    "InOut",
    "IronRuntimeError",
    "Kernel",
    "KernelObject",
    "Lock",
    "NpuTensor",
    "ObjectFifo",
    "ObjectFifoHandle",
    "ObjectFifoLink",
    "Out",
    "PacketDest",
    "PacketFlow",
    "PadDims",
    "Program",
    "Release",
    "ResolvedProgram",
    "Runtime",
    "RuntimeData",
    "ScratchpadParameter",
    "StreamDims",
    "Task",
    "TaskGroup",
    "TileDma",
    "Worker",
    "WorkerRuntimeBarrier",
    "arange",
    "ceildiv",
    "dtype_to_str",
    "else_",
    "ensure_current_device",
    "full",
    "get_current_device",
    "if_",
    "ones",
    "rand",
    "randint",
    "range_",
    "require",
    "set_current_device",
    "set_tensor_class",
    "str_to_dtype",
    "sync_parameters",
    "tensor",
    "yield_",
    "zeros",
    "zeros_like",
]
