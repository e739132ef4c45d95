"""Room for traces among a run's tensors, and what is put there.

A trace buffer is a further tensor behind the others, which a caller may leave out; or the bytes
behind the last tensor's own, if the caller's tensor has them. The result has it in any case.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ironbird.iron.tensor import NpuTensor
from ironbird.plan import HostArgument, PhysicalPlan
from ironbird.session.result import Array
from ironbird.simulator import RecordedTrace


def without_tails(plan: PhysicalPlan, tensors: Sequence[Any]) -> tuple[list[Any], dict[int, Array]]:
    """The tensors cut to what the sequence declares, and the bytes behind by tensor number."""
    cut = list(tensors)
    tails: dict[int, Array] = {}
    for buffer in plan.traces.buffers if plan.traces is not None else ():
        number = buffer.argument
        if buffer.offset_bytes == 0 or number >= len(cut):
            continue
        array = cut[number].data if isinstance(cut[number], NpuTensor) else cut[number]
        argument = plan.sequence.arguments[number]
        if not isinstance(array, np.ndarray) or not array.flags.c_contiguous:
            continue
        if array.nbytes > _byte_count(argument) and array.dtype == argument.element.dtype:
            flat = array.reshape(-1)
            own = math.prod(argument.shape)
            cut[number], tails[number] = flat[:own], flat[own:].view(np.uint8)
    return cut, tails


def trace_tensors(plan: PhysicalPlan, given: int) -> list[Array]:
    """Zeros for the trace buffers that a caller left out; `given` tensors came."""
    return [
        np.zeros(argument.shape, argument.element.dtype)
        for argument in plan.sequence.arguments[given:]
    ]


def place_traces(
    recorded: Sequence[RecordedTrace], tensors: Sequence[Array], tails: dict[int, Array]
) -> None:
    """Copy what was recorded to where the caller looks for it."""
    for trace in recorded:
        content = trace.words.view(np.uint8)
        number = trace.buffer.argument
        if number in tails:
            room = tails[number]
        elif trace.buffer.offset_bytes == 0 and number < len(tensors):
            room = tensors[number].reshape(-1).view(np.uint8)
        else:
            continue
        count = min(len(room), len(content))
        room[:count] = content[:count]


def _byte_count(argument: HostArgument) -> int:
    return math.prod(argument.shape) * argument.element.bytes
