"""A transfer of the sequence: one shim descriptor for `handle.fill(source, tap)` or `drain`.

A pattern is written in four dimensions, outermost first. The outermost one is not stepped by the
descriptor but by running it again, so a leading stride of 0 (a repeat) moves there.
"""

import math
from collections.abc import Sequence
from typing import Any

from xdsl.ir import Block, Region

from ironbird.base.access_pattern import left_padded
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie, aiex
from ironbird.ir.locations import location_of
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.sequence_trace import SequenceTrace
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.task import Task, TaskGroup, default_group

SHIM_DIMENSIONS = 4


def start_transfer(
    trace: SequenceTrace,
    fifo_name: str,
    what: str,
    tensor: Any,
    tap: TensorAccessPattern | None,
    *,
    wait: bool,
    group: TaskGroup | None,
    managed: bool,
    packet: tuple[int, int] | None,
) -> Task:
    """Configure and start one transfer. `what` names it in refusals: `ObjectFifo 'x'.fill()`."""
    at = author_line()
    if not isinstance(tensor, RuntimeData):
        raise DesignError(
            f"{what} of {_shown_tensor(tensor)}",
            at=at,
            because="it moves one of the tensors that the sequence's function receives",
            fix="a parameter of the function, declared in Runtime(function, [type, ...])",
        )
    sizes, strides = shim_dimensions(_checked(tap, tensor, what), what)
    pattern = tap if tap is not None else tensor.default_tap()
    descriptor = aie.DmaBdOp(
        tensor.op,
        offset=pattern.offset,
        length=sizes[1] * sizes[2] * sizes[3],
        sizes=sizes,
        strides=strides,
        packet=None if packet is None else aie.PacketInfoAttr.of(packet[1], packet[0]),
    )
    end = aie.EndOp()
    for op in (descriptor, end):
        op.location = location_of(at)
    task_op = aiex.DmaConfigureTaskForOp(
        fifo_name,
        Region(Block([descriptor, end])),
        issue_token=True if wait else None,
        repeat_count=sizes[0] - 1 if sizes[0] > 1 else None,
    )
    trace.emit(task_op)
    task = Task(task_op.results[0], fifo_name=fifo_name, issues_token=wait)
    if group is not None:
        group.add(task)
    elif managed:
        default_group(trace).add(task)
    trace.emit(aiex.DmaStartTaskOp(task.handle))
    return task


def refuse_scratchpad_parameters(what: str, *parameters: Any) -> None:
    """Refuse the offsets and lengths that npu2 reads from its scratchpad."""
    if any(parameter is not None for parameter in parameters):
        raise DesignError(
            f"{what} with an offset or length parameter",
            at=author_line(),
            because="scratchpad parameters exist on npu2 only",
            fix="one call for each size, or tap=",
        )


def tap_of_numbers(
    tensor: Any,
    tap: TensorAccessPattern | None,
    sizes: Sequence[int] | None,
    strides: Sequence[int] | None,
    offset: int | None,
    transfer_len: int | None,
    what: str,
) -> TensorAccessPattern | None:
    """The walk that numbers say, or `tap` where there are none; refuses both.

    transfer_len: elements that one run of the descriptor moves; all after `offset` if there are
    no sizes either.
    """
    if sizes is None and strides is None and offset is None and transfer_len is None:
        return tap
    if tap is not None or not isinstance(tensor, RuntimeData):
        raise DesignError(
            f"{what} with tap= and with sizes=, strides=, offset= or transfer_len="
            if tap is not None
            else f"{what} of {_shown_tensor(tensor)}",
            at=author_line(),
            fix="the one or the other" if tap is not None else "a tensor of the sequence",
        )
    start = offset or 0
    if sizes is None and strides is None:
        left = tensor.array.element_count - start
        return TensorAccessPattern(tensor.shape, start, [transfer_len or max(left, 1)], [1])
    walk = TensorAccessPattern(tensor.shape, start, sizes, strides)
    once = math.prod(walk.sizes[-(SHIM_DIMENSIONS - 1) :])
    if transfer_len is not None and transfer_len not in (once, walk.numel):
        raise DesignError(
            f"{what} has transfer_len={transfer_len}",
            at=author_line(),
            because=f"sizes {list(walk.sizes)} move {once} elements in one run",
            fix="sizes= and strides= alone",
        )
    return walk


def shim_dimensions(
    pattern: TensorAccessPattern, what: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Four sizes and strides, outermost first; dimension 0 is repeated, not stepped."""
    if pattern.padding is not None and any(pair != (0, 0) for pair in pattern.padding):
        raise DesignError(
            f"{what} pads",
            at=author_line(),
            because="only memory tiles add zeros; the shim does not",
            fix="to_stream=tap.pad(...) of a fifo that a memory tile produces",
        )
    sizes, strides = pattern.sizes, pattern.strides
    if len(sizes) > SHIM_DIMENSIONS:
        compact = pattern.pattern.simplified()
        sizes, strides = compact.sizes, compact.strides
    if len(sizes) > SHIM_DIMENSIONS:
        raise DesignError(
            f"{what} walks in {len(sizes)} dimensions",
            at=author_line(),
            because=f"a shim descriptor has {SHIM_DIMENSIONS}: sizes {list(sizes)}, "
            f"strides {list(strides)}",
            fix="one transfer for each step of the outermost dimension",
        )
    used = next((axis for axis, size in enumerate(sizes) if size > 1), len(sizes))
    if used < len(sizes) and used > 0 and strides[used] == 0:
        sizes, strides = sizes[used:], strides[used:]
        used = 0
    if sizes and used == 0 and strides[0] == 0 and len(sizes) < SHIM_DIMENSIONS:
        lower = SHIM_DIMENSIONS - 1
        inner_sizes, inner_strides = sizes[1:] or (1,), strides[1:] or (1,)
        return (
            (sizes[0], *left_padded(inner_sizes, lower, 1)),
            (0, *left_padded(inner_strides, lower, 0)),
        )
    return (
        left_padded(sizes or (1,), SHIM_DIMENSIONS, 1),
        left_padded(strides or (1,), SHIM_DIMENSIONS, 0),
    )


def _checked(
    tap: TensorAccessPattern | None, tensor: RuntimeData, what: str
) -> TensorAccessPattern:
    if tap is None:
        return tensor.default_tap()
    if not isinstance(tap, TensorAccessPattern):
        raise DesignError(
            f"{what} with tap={type(tap).__name__}",
            at=author_line(),
            fix="a TensorAccessPattern from aie.helpers.taplib",
        )
    _, highest = tap.pattern.bounds()
    if highest >= tensor.array.element_count:
        raise DesignError(
            f"{what} reaches element {highest} of argument {tensor.number}",
            at=author_line(),
            because=f"the tensor {tensor.array} has {tensor.array.element_count} elements; the tap "
            f"is over {'x'.join(map(str, tap.tensor_dims))}",
        )
    return tap


def _shown_tensor(tensor: object) -> str:
    return "no tensor" if tensor is None else type(tensor).__name__
