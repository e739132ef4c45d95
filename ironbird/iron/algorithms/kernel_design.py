"""A design that calls one kernel of the library once, to try it on the device.

Upstream has a module of this name; its functions' signatures are unknown here. Every array of the
kernel is a tensor of the program, in the order of the kernel's arguments, and its scalars have the
values of the contract's samples. An array that the kernel updates starts with zeros.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import ArrayType, annotation_of
from ironbird.iron.controlflow import range_
from ironbird.iron.device import get_current_device
from ironbird.iron.kernels.contract import Role
from ironbird.iron.kernels.library_kernel import LibraryKernel
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.program import Program
from ironbird.iron.runtime import Runtime
from ironbird.iron.tensor import NpuTensor
from ironbird.iron.worker import Worker


def sample_inputs(kernel: LibraryKernel, seed: int = 0) -> list[Any]:
    """One value for each argument of the kernel; None for an array that is only written."""
    drawn = kernel.sample_inputs(seed)
    return [
        np.zeros_like(given) if param.role is Role.INOUT else given
        for given, param in zip(drawn, kernel.contract.params, strict=True)
    ]


def host_args(kernel: LibraryKernel, seed: int = 0) -> list[NpuTensor]:
    """The tensors that the design takes, filled with samples; what is only written holds zeros."""
    return [
        NpuTensor(kernel.arg_shape(number), kernel.arg_dtype(number))
        if given is None
        else NpuTensor(given)
        for number, given in enumerate(sample_inputs(kernel, seed))
        if isinstance(kernel.arguments[number], ArrayType)
    ]


def design(kernel: LibraryKernel) -> ModuleOp:
    """The module of a program that calls `kernel` once, on one core.

    Raises DesignError for a kernel of more inputs than a core has channels.
    """
    arrays = [
        (number, argument)
        for number, argument in enumerate(kernel.arguments)
        if isinstance(argument, ArrayType)
    ]
    roles = [kernel.contract.params[number].role for number, _ in arrays]
    read = [role is Role.IN for role in roles]
    if sum(read) > 2:
        raise DesignError(
            f"a design of kernel {kernel.name!r} alone",
            at=author_line(),
            because=f"it reads {sum(read)} arrays, and two DMA channels lead into a core",
            fix="a Buffer in the place of one",
        )
    sources = [
        ObjectFifo(annotation_of(array), depth=1, name=f"in{i}") if is_read else None
        for i, ((_, array), is_read) in enumerate(zip(arrays, read, strict=True))
    ]
    written = next(i for i, role in enumerate(roles) if role in (Role.OUT, Role.INOUT))
    result = ObjectFifo(annotation_of(arrays[written][1]), depth=1, name="out")

    def work(ends: Sequence[Any], out: Any, call: LibraryKernel) -> None:
        taken = {i: end.acquire(1) for i, end in enumerate(ends) if end is not None}
        made = out.acquire(1)
        if roles[written] is Role.INOUT:
            for position in range_(arrays[written][1].element_count):
                made[position] = 0
        placed = iter([made if i == written else taken[i] for i in range(len(arrays))])
        call(
            *(
                next(placed) if isinstance(argument, ArrayType) else param.value
                for argument, param in zip(call.arguments, call.contract.params, strict=True)
            )
        )
        for end in ends:
            if end is not None:
                end.release(1)
        out.release(1)

    def sequence(*received: Any) -> None:
        tensors, (ins, out) = received[: len(arrays)], received[len(arrays) :]
        for tensor, end in zip(tensors, ins, strict=True):
            if end is not None:
                end.fill(tensor)
        out.drain(tensors[written], wait=True)

    work.__name__ = kernel.name
    worker = Worker(
        work,
        [[None if each is None else each.cons() for each in sources], result.prod(), kernel],
        while_true=False,
    )
    handles = [[None if each is None else each.prod() for each in sources], result.cons()]
    types = [annotation_of(array) for _, array in arrays]
    runtime = Runtime(sequence, [*types, *handles])
    return Program(get_current_device(), runtime, workers=[worker]).resolve_program()
