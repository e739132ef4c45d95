"""The runtime sequence: names that exist, numbers that the command stream can hold."""

import math
from collections.abc import Iterable

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Attribute, Operation

from ironbird.base.device import TileKind
from ironbird.ir.aie import (
    BdChainOp,
    BufferOp,
    DeviceOp,
    ObjectFifoOp,
    RuntimeSequenceOp,
    ShimDmaAllocationOp,
)
from ironbird.ir.aiex import (
    ConfigureOp,
    DmaConfigureTaskForOp,
    DmaStartBdChainForOp,
    DmaStartBdChainOp,
    NpuDmaMemcpyNdOp,
    NpuDmaWaitOp,
    NpuRtpWriteOp,
    RunOp,
)
from ironbird.ir.aiex.tasks import TaskUse
from ironbird.ir.checks.cores import symbol_name
from ironbird.ir.checks.descriptors import WORD_BYTES, check_burst, check_task_blocks
from ironbird.ir.checks.scope import (
    Scope,
    element_bytes,
    kind_of,
    model_round,
    refuse,
    tile_text,
)
from ironbird.ir.integers import RUN_TIME, Integers, number_of, numbers_of

# A length is a 32-bit register; aie-opt holds it as a signed number (AIEX.td).
MAX_NUMBER = 2**31 - 1
_TASKS = (
    "aiex.dma_configure_task",
    "aiex.dma_configure_task_for",
    "aiex.dma_start_bd_chain",
    "aiex.dma_start_bd_chain_for",
)


def check_allocation(op: ShimDmaAllocationOp, scope: Scope) -> None:
    """A channel of a shim tile."""
    name = op.sym_name.data
    model = model_round(op)
    if kind_of(op.tile, model) is not TileKind.SHIM:
        refuse(
            op,
            f"shim_dma_allocation @{name} names {tile_text(op.tile)}",
            because="it is no shim tile",
        )
    count = model.tile_models[TileKind.SHIM].channels_each_way
    if not 0 <= number_of(op.channel_index) < count:
        refuse(
            op,
            f"shim_dma_allocation @{name} names channel {number_of(op.channel_index)}",
            because=f"a shim tile has channels 0..{count - 1} in each direction",
        )


def check_task_for(op: DmaConfigureTaskForOp, scope: Scope) -> None:
    """The name of a fifo or an allocation."""
    _require_transfer_end(op, op.alloc_name, "a task", scope)
    check_task_blocks(op, scope)


def check_wait(op: NpuDmaWaitOp, scope: Scope) -> None:
    """The name of a fifo or an allocation."""
    _require_transfer_end(op, symbol_name(op.symbol), "a wait", scope)


def _require_transfer_end(op: Operation, name: str, what: str, scope: Scope) -> None:
    if not isinstance(scope.find(op, name), ObjectFifoOp | ShimDmaAllocationOp):
        refuse(op, f"{what} names '{name}'", because="no ObjectFifo or shim_dma_allocation has it")


def check_task_use(op: TaskUse, scope: Scope) -> None:
    """Done to a task, not to some other value; what a loop carries is looked at when it is gone."""
    owner = op.task.owner
    if isinstance(owner, Operation) and owner.dialect_name() != "scf" and owner.name not in _TASKS:
        refuse(
            op,
            f"{op.name} works on the result of {owner.name}",
            because="it takes what aiex.dma_configure_task or a started chain gives",
        )


def check_memcpy(op: NpuDmaMemcpyNdOp, scope: Scope) -> None:
    """A transfer of whole words that one descriptor of a shim tile can hold, or several."""
    name = op.metadata_name
    _require_transfer_end(op, name, "a transfer", scope)
    shim = model_round(op).tile_models[TileKind.SHIM]
    if not 0 <= number_of(op.id) < shim.descriptor_count:
        refuse(
            op,
            f"a transfer has the descriptor id {number_of(op.id)}",
            because=f"a shim tile has descriptors 0..{shim.descriptor_count - 1}",
        )
    if op.burst_length is not None:
        check_burst(op, number_of(op.burst_length))
    _check_element(op)
    _check_transfer_words(op)


def _check_element(op: NpuDmaMemcpyNdOp) -> None:
    width = element_bytes(op.memref.type)
    if width > WORD_BYTES:
        refuse(
            op,
            f"a transfer of elements of {width} bytes",
            because=f"an element has at most {WORD_BYTES}",
            fix="a view of the buffer as i32",
        )


def _check_transfer_words(op: NpuDmaMemcpyNdOp) -> None:
    width = element_bytes(op.memref.type)
    sizes, strides = _numbers(op.static_sizes), _numbers(op.static_strides)
    offsets = _numbers(op.static_offsets)
    for what, numbers, least in (
        ("size", sizes, 1),
        ("stride", strides, 0),
        ("offset", offsets, 0),
    ):
        if len(numbers) != 4:
            refuse(op, f"a transfer has {len(numbers)} {what}s", because="it has four dimensions")
        for number in numbers:
            if number is not None and number < least:
                refuse(op, f"a transfer has the {what} {number}", because=f"the least is {least}")
    for what, numbers in (("size", sizes), ("stride", strides), ("offset", offsets)):
        for number in numbers:
            if number is not None and number > MAX_NUMBER:
                refuse(
                    op,
                    f"a transfer has the {what} {number}",
                    because=f"no buffer of the host has more than {MAX_NUMBER} elements",
                )
    elements = math.prod(size for size in sizes[1:] if size is not None)
    if elements > MAX_NUMBER:
        refuse(
            op,
            f"a transfer of {elements} elements in one run",
            because=f"the length field counts up to {MAX_NUMBER}",
        )
    if width == 0:
        return
    if sizes[3] is not None and sizes[3] * width % WORD_BYTES and strides[3] == 1:
        refuse(
            op,
            f"the innermost run has {sizes[3]} elements of {width} bytes",
            because=f"{sizes[3] * width} bytes are no multiple of {WORD_BYTES}",
        )
    for size, stride in zip(sizes[:3], strides[:3], strict=True):
        if stride is not None and size != 1 and stride * width % WORD_BYTES:
            refuse(
                op,
                f"a stride of {stride} elements of {width} bytes",
                because=f"{stride * width} bytes are no multiple of {WORD_BYTES}",
            )
    limit = model_round(op).tile_models[TileKind.SHIM].descriptor.max_step_words
    for size, stride in zip(sizes, strides, strict=True):
        if stride is not None and size != 1 and stride * width > limit * WORD_BYTES:
            refuse(
                op,
                f"a stride of {stride} elements of {width} bytes",
                because=f"a shim tile steps by at most {limit * WORD_BYTES} bytes",
            )
    offset = _offset_elements(op)
    if offset is not None and offset * width % WORD_BYTES:
        refuse(
            op,
            f"a transfer from element {offset} of {width} bytes each",
            because=f"byte {offset * width} is no multiple of {WORD_BYTES}",
        )


def _offset_elements(op: NpuDmaMemcpyNdOp) -> int | None:
    """Where the transfer starts; None while an operand says so.

    Each offset counts in the stride of its dimension, the last in elements.
    """
    offsets, strides = _numbers(op.static_offsets), _numbers(op.static_strides)
    total = 0
    for offset, stride in zip(offsets, strides, strict=True):
        if offset is None or stride is None:
            return None
        total += offset * stride
    return total


def _numbers(array: Integers) -> list[int | None]:
    return [None if number == RUN_TIME else number for number in numbers_of(array)]


def check_rtp_write(op: NpuRtpWriteOp, scope: Scope) -> None:
    """An element of a buffer of 32-bit integers."""
    name = symbol_name(op.buffer)
    buffer = scope.find(op, name)
    if not isinstance(buffer, BufferOp):
        refuse(op, f"there is no buffer '{name}' for a run-time parameter")
    assert isinstance(buffer.buffer.type, MemRefType)
    size_bytes = buffer.buffer.type.element_count() * element_bytes(buffer.buffer.type)
    words = size_bytes // WORD_BYTES
    if number_of(op.index) >= words:
        refuse(
            op,
            f"word {number_of(op.index)} of buffer '{name}' is written",
            because=f"the buffer has {words} words of 32 bits",
        )


def check_configure(op: ConfigureOp, scope: Scope) -> None:
    """A device of the module."""
    name = symbol_name(op.symbol)
    if not isinstance(scope.find(op, name), DeviceOp):
        refuse(op, f"there is no device '{name}' to configure")


def check_run(op: RunOp, scope: Scope) -> None:
    """A sequence of the configured device, with arguments of its types."""
    name = symbol_name(op.runtime_sequence_symbol)
    configure = op.parent_op()
    table: Operation | None = None
    if isinstance(configure, ConfigureOp):
        table = scope.find(configure, symbol_name(configure.symbol))
    sequence = None if table is None else scope.symbols_of(table).get(name)
    if not isinstance(sequence, RuntimeSequenceOp):
        refuse(op, f"there is no sequence '{name}' in the configured device")
    _check_arguments(op, name, [value.type for value in op.args], sequence.body.block.arg_types)


def check_start_chain(op: DmaStartBdChainOp | DmaStartBdChainForOp, scope: Scope) -> None:
    """A chain of the device, with buffers of its types."""
    name = symbol_name(op.symbol)
    chain = scope.find(op, name)
    if not isinstance(chain, BdChainOp):
        refuse(op, f"there is no bd_chain '{name}'")
    first = chain.body.first_block
    wanted = () if first is None else first.arg_types
    _check_arguments(op, name, [value.type for value in op.args], wanted)
    if isinstance(op, DmaStartBdChainForOp):
        _require_transfer_end(op, symbol_name(op.alloc), "a chain", scope)


def _check_arguments(
    op: Operation, name: str, given: Iterable[Attribute], wanted: Iterable[Attribute]
) -> None:
    given_types, wanted_types = list(given), list(wanted)
    if len(given_types) != len(wanted_types):
        refuse(
            op,
            f"'{name}' is given {len(given_types)} arguments",
            because=f"it takes {len(wanted_types)}",
        )
    for position, (found, expected) in enumerate(zip(given_types, wanted_types, strict=True)):
        if found != expected:
            refuse(
                op,
                f"argument {position} of '{name}' has the type {found}",
                because=f"it takes {expected}",
            )
