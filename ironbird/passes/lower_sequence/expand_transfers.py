"""Short forms of a transfer, spelt out as tasks: `dma_memcpy_nd`, `dma_wait`, started chains."""

from dataclasses import dataclass, field
from typing import ClassVar

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntegerAttr, MemRefType
from xdsl.ir import Block, Operation, Region, SSAValue

from ironbird.base.device import DeviceModel, Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import (
    BdChainOp,
    DeviceOp,
    DmaBdOp,
    EndOp,
    RuntimeSequenceOp,
    tile_of,
)
from ironbird.ir.aiex import (
    DmaAwaitTaskOp,
    DmaConfigureTaskOp,
    DmaFreeTaskOp,
    DmaStartBdChainForOp,
    DmaStartBdChainOp,
    DmaStartTaskOp,
    NpuDmaMemcpyNdOp,
    NpuDmaWaitOp,
    NpuPushQueueOp,
    NpuSyncOp,
    NpuWrite32Op,
)
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import Integer, i32, number_of
from ironbird.ir.locations import location_of, named_location, source_line_of
from ironbird.passes.lower_sequence.sequences import erase, insert_before, replace_op, sequences
from ironbird.passes.lower_sequence.shim_allocations import (
    ShimAllocation,
    find_allocation,
    shim_allocations,
)
from ironbird.passes.lower_sequence.task_facts import described
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class ExpandTransfers(ModulePass):
    """Write every transfer of a runtime sequence as configure, start, await and free.

    Before:  `aiex.npu.dma_memcpy_nd`, `aiex.npu.dma_wait`, `aiex.dma_start_bd_chain(_for)`.
    After:   `aiex.dma_configure_task` and its uses. A memcpy keeps its descriptor id; giving the
             id to another one ends the first.
    Refuses: a name without an allocation; a wait for a token that nobody sends; an unknown chain;
             an id given to another memcpy before anything was waited for.
    """

    name: ClassVar[str] = "expand-transfers"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        allocations = shim_allocations(device)
        chains = {op.sym_name.data: op for op in device.body.block.ops if isinstance(op, BdChainOp)}
        for sequence in sequences(device):
            _Expander(allocations, chains).expand(sequence)
        for chain in chains.values():
            erase(chain)


@dataclass
class _Expander:
    """Walks one sequence and keeps which memcpys are under way.

    holders: the memcpy that has each descriptor id, and how many waits came before it.
    """

    allocations: dict[str, ShimAllocation]
    chains: dict[str, BdChainOp]
    holders: dict[tuple[SSAValue, int], tuple[SSAValue, int]] = field(default_factory=dict)
    tokens: dict[str, list[SSAValue]] = field(default_factory=dict)
    wait_count: int = 0

    pushes_queues: bool = False

    def expand(self, sequence: RuntimeSequenceOp) -> None:
        # What such writes start is known only where registers are understood, in the plan.
        self.pushes_queues = any(
            isinstance(op, NpuPushQueueOp | NpuWrite32Op) for op in sequence.walk()
        )
        for op in list(sequence.body.block.ops):
            match op:
                case NpuDmaMemcpyNdOp():
                    self._copy(op)
                case NpuDmaWaitOp():
                    self.wait_count += 1
                    self._wait(op)
                case NpuSyncOp() | DmaAwaitTaskOp():
                    self.wait_count += 1
                case DmaStartBdChainOp() | DmaStartBdChainForOp():
                    self._chain(op)

    def _copy(self, op: NpuDmaMemcpyNdOp) -> None:
        line = source_line_of(op)
        found = find_allocation(self.allocations, op.metadata_name, line)
        sizes, strides = _numbers(op.static_sizes), _numbers(op.static_strides)
        bd_id = number_of(op.id)
        bd = DmaBdOp(
            op.memref,
            _offset(op, line),
            sizes[1] * sizes[2] * sizes[3],
            sizes,
            strides,
            bd_id=bd_id,
            packet=op.packet,
            burst_length=None if op.burst_length is None else number_of(op.burst_length),
        )
        # A memcpy into memory always issues a token (mlir-aie AIEDmaToNpu.cpp).
        token = _flag(op.issue_token) is True or found.direction is Direction.S2MM
        task = DmaConfigureTaskOp(
            found.tile,
            found.direction,
            found.channel,
            Region(Block([bd, EndOp()])),
            issue_token=token or None,
            repeat_count=sizes[0] - 1 or None,
            packet=found.packet,
        )
        start = DmaStartTaskOp(task)
        task.location = named_location(found.fifo, line)
        bd.location = start.location = location_of(line)
        if (found.tile, bd_id) in self.holders:
            holder, waits_before = self.holders[found.tile, bd_id]
            if waits_before == self.wait_count:
                raise DesignError(
                    f"{described(task.result)} takes descriptor {bd_id} over from "
                    f"{described(holder)}",
                    at=line,
                    because="nothing is waited for between the two: the first may not be done",
                    fix="another id, or a dma_wait in between",
                )
            insert_before(op, DmaFreeTaskOp(holder))
        self.holders[found.tile, bd_id] = (task.result, self.wait_count)
        if token:
            self.tokens.setdefault(op.metadata_name, []).append(task.result)
        insert_before(op, task, start)
        erase(op)

    def _wait(self, op: NpuDmaWaitOp) -> None:
        """A wait takes the oldest token of its channel that no wait has taken."""
        symbol = op.symbol.root_reference.data
        line = source_line_of(op)
        found = find_allocation(self.allocations, symbol, line)
        waiting = self.tokens.get(symbol, [])
        if not waiting and self.pushes_queues:
            replace_op(op, *_sync(found, op))
            return
        if not waiting:
            raise DesignError(
                f"dma_wait for {found.fifo!r} has no transfer to wait for",
                at=line,
                because="every transfer on it that issues a token was waited for already",
                fix="issue_token on the transfer, or one wait less",
            )
        waited = DmaAwaitTaskOp(waiting.pop(0))
        waited.location = op.location
        for key, (holder, _) in list(self.holders.items()):
            if holder is waited.task:
                del self.holders[key]
        replace_op(op, waited)

    def _chain(self, op: DmaStartBdChainOp | DmaStartBdChainForOp) -> None:
        line = source_line_of(op)
        symbol = op.symbol.root_reference.data
        chain = self.chains.get(symbol)
        if chain is None:
            known = ", ".join(f"@{name}" for name in self.chains) or "none"
            raise DesignError(
                f"there is no descriptor chain @{symbol}", at=line, because=f"there are {known}"
            )
        if isinstance(op, DmaStartBdChainForOp):
            name = op.alloc.root_reference.data
            found = find_allocation(self.allocations, name, line)
        else:
            channel = number_of(op.channel)
            found = ShimAllocation(symbol, op.tile, DIRECTIONS.word(op.direction), channel, None)
        body = chain.body.clone()
        for argument, value in zip(list(body.blocks[0].args), op.args, strict=True):
            argument.replace_all_uses_with(value)
            body.blocks[0].erase_arg(argument)
        task = DmaConfigureTaskOp(
            found.tile,
            found.direction,
            found.channel,
            body,
            issue_token=_flag(op.issue_token),
            repeat_count=None if op.repeat_count is None else number_of(op.repeat_count),
            packet=found.packet,
        )
        task.location = named_location(found.fifo, line)
        start = DmaStartTaskOp(task)
        start.location = location_of(line)
        insert_before(op, task, start)
        op.result.replace_all_uses_with(task.result)
        erase(op)


def _sync(found: ShimAllocation, wait: NpuDmaWaitOp) -> list[Operation]:
    """The wait for one token of the channel that `wait` names, as an `aiex.npu.sync`."""
    tile = tile_of(found.tile)
    assert tile is not None
    direction = int(found.direction is Direction.MM2S)
    constants = [
        ConstantOp(IntegerAttr(number, i32))
        for number in (tile.column, tile.row, direction, found.channel, 1, 1)
    ]
    sync = NpuSyncOp(*constants)
    for op in (*constants, sync):
        op.location = wait.location
    return [*constants, sync]


def _offset(op: NpuDmaMemcpyNdOp, line: SourceLine | None) -> int:
    """The first element: offsets are indices into the buffer, the last one of its last dimension.

    Source: mlir-aie AIEXDialect.cpp, getOffsetInBytes (row-major strides of the buffer's shape).
    """
    assert isinstance(op.memref.type, MemRefType)
    offsets = _numbers(op.static_offsets)
    shape = [int(size) for size in op.memref.type.get_shape()]
    total, step = 0, 1
    for position, offset in enumerate(reversed(offsets)):
        if position < len(shape):
            total += offset * step
            step *= shape[len(shape) - 1 - position]
        elif offset:
            raise DesignError(
                f"offset {offset} in a dimension that the buffer does not have",
                at=line,
                because=f"the offsets are {offsets}, the buffer has {len(shape)} dimensions",
                fix="the offset in elements as the last of the four",
            )
    return total


def _numbers(array: object) -> list[int]:
    return [int(number) for number in array.get_values()]  # type: ignore[attr-defined]


def _flag(attribute: Integer | None) -> bool | None:
    return None if attribute is None else number_of(attribute) != 0
