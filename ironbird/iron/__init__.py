"""What authors import as `aie.iron`: the newest generation of IRON (1.4.4 and later) for npu1.

Objects of a program (`ObjectFifo`, `Worker`, `Runtime`, ...) are plain Python; `Program.resolve()`
traces the functions of workers and sequence into a module of the `aie` dialect. What npu1 does not
have, and older generations of the API, are refused by name.

Traps of upstream, and what happens here:

1.  `split`/`join` give every part the parent's type: refused unless the parts fit (`obj_types=`).
2.  `acquire(1)` is the object, not a list; `acquire(n)` counts objects held: the same here.
3.  Default names come from counters of the process: fixed, they depend on the program alone.
4.  Only `wait=True` makes the host wait: the same here.
5.  The first jit call returns None: fixed (see `ironbird.session.jit`).
6.  A barrier's `initial_value` is ignored: fixed, the locks start with it.
7.  Awaited tasks are not freed: fixed as upstream did, a group frees all its tasks.
8.  Elements under 32 bits need an innermost stride of 1: refused at the author's line.
9.  `%` on core integers has the sign of the dividend: the same here.
10. Python `if`, `while`, `min`, `max` on core values: refused.
11. Unsigned elements can only be moved: the same here, anything else is refused.
"""

from ironbird.iron.barrier import WorkerRuntimeBarrier
from ironbird.iron.buffer import Buffer
from ironbird.iron.configuration import DeviceConfiguration
from ironbird.iron.controlflow import else_, if_, range_, yield_
from ironbird.iron.device import (
    ensure_current_device,
    get_current_device,
    set_current_device,
)
from ironbird.iron.dtype import dtype_to_str, str_to_dtype
from ironbird.iron.flows import CascadeFlow, Flow, PacketDest, PacketFlow
from ironbird.iron.kernel import ExternalFunction, Kernel, KernelObject
from ironbird.iron.lock import Acquire, Lock, Release
from ironbird.iron.markers import CompileTime, DispatchTime, In, InOut, Out
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.object_fifo_link import ObjectFifoLink
from ironbird.iron.program import Program, ResolvedProgram
from ironbird.iron.runtime import IronRuntimeError, Runtime, ScratchpadParameter, sync_parameters
from ironbird.iron.runtime_tensor import RuntimeData
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
    "Program",
    "Release",
    "ResolvedProgram",
    "Runtime",
    "RuntimeData",
    "ScratchpadParameter",
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
    "set_current_device",
    "set_tensor_class",
    "str_to_dtype",
    "sync_parameters",
    "tensor",
    "yield_",
    "zeros",
    "zeros_like",
]
