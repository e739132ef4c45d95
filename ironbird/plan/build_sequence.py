"""The runtime sequence as the steps that the host's controller takes.

The sequence comes from the passes of `lower_sequence`: tasks name their tile and channel, every
descriptor has an id, and every number is a constant. Register writes may stand between tasks.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType, SymbolRefAttr
from xdsl.ir import Attribute, SSAValue
from xdsl.ir import Operation as MlirOperation

from ironbird.base.device import DeviceModel, Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import RuntimeSequenceOp, tile_of
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.plan.build_core_program import constant_of
from ironbird.plan.build_descriptors import DescriptorTable, packet_header
from ironbird.plan.build_register_writes import WRITES_OF_WORDS, RegisterWrites
from ironbird.plan.build_types import element_of, shape_of
from ironbird.plan.initial_resets import InitialResets
from ironbird.plan.plan import (
    AwaitToken,
    ChannelName,
    ChannelProgram,
    HostArgument,
    HostBuffer,
    Sequence,
    SetLock,
    StartTask,
    Step,
    WriteBuffer,
)
from ironbird.plan.register_descriptors import DescriptorRegisters
from ironbird.plan.register_file import RegisterFile
from ironbird.plan.register_numbers import RegisterNumbers
from ironbird.plan.trace_writes import TraceWrites

# They move no bytes and wait for nothing: a constant, the end of a task's claim on its descriptors,
# and the permission to interrupt the sequence there.
_WITHOUT_EFFECT = (
    *("arith.constant", "aiex.dma_free_task", "aiex.npu.preempt"),
    "memref.get_global",  # read by the block write that uses it
)
_RTP_WORD_BYTES = 4
_NO_STEP = (
    "the plan of a sequence is made of tasks, awaits, register writes, parameter writes and lock "
    "writes"
)
_NO_RESET = "cores and channels run from configuration on here; none is stopped or reset"
_NO_SCRATCHPAD = "only the host that loads a full ELF has a scratchpad, and none does here"
_BECAUSE = {
    "aiex.core_reset": _NO_RESET,
    "aiex.dma_channel_reset": _NO_RESET,
    "aiex.dma_channel_reset_for": _NO_RESET,
    "aiex.npu.create_scratchpad": _NO_SCRATCHPAD,
    "aiex.npu.update_from_scratchpad": _NO_SCRATCHPAD,
}


def build_sequence(
    op: RuntimeSequenceOp,
    table: DescriptorTable,
    model: DeviceModel,
    programs: tuple[ChannelProgram, ...],
    traces: TraceWrites,
) -> Sequence:
    """The steps of `op`; the descriptors of its tasks go into `table`.

    programs: what the channels do from configuration on.
    traces:   takes what the sequence writes to trace units.
    """
    arguments = list(op.body.block.args)
    for number, argument in enumerate(arguments):
        if not isinstance(argument.type, MemRefType):
            raise DesignError(
                f"argument {number} of the runtime sequence is {argument.type}",
                at=source_line_of(op),
                because="only tensors in memory can be handed to a compiled sequence",
                fix="a number that is known when the design is built",
            )
    table.host_buffers.update({argument: number for number, argument in enumerate(arguments)})
    registers = _register_file(op, table, model, programs, traces)
    steps = tuple(_SequenceReader(table, registers, RegisterWrites(registers)).steps(op))
    return Sequence(
        name=op.sym_name.data,
        arguments=tuple(
            _host_argument(argument, number, table, steps, source_line_of(op))
            for number, argument in enumerate(arguments)
        ),
        steps=steps,
        at=source_line_of(op),
    )


@dataclass
class _SequenceReader:
    """Walks a sequence and remembers its tasks by the value that names them."""

    table: DescriptorTable
    registers: RegisterFile
    register_writes: RegisterWrites
    configured: dict[SSAValue, "_Task"] = field(default_factory=dict)

    def steps(self, sequence: RuntimeSequenceOp) -> Iterator[Step]:
        for op in sequence.body.block.ops:
            if op.name in _WITHOUT_EFFECT:
                continue
            at = source_line_of(op)
            if op.name not in WRITES_OF_WORDS:
                self.registers.resets.end()
            match op.name:
                case "aiex.dma_configure_task":
                    self.configured[op.results[0]] = self._task(op, at)
                case "aiex.dma_start_task":
                    yield self._start(op, at)
                case "aiex.dma_await_task":
                    self.registers.descriptors.waited()
                    task = self.configured[op.operands[0]]
                    yield AwaitToken(
                        channel=task.channel,
                        task=task.number,
                        makes_room=(name_of_location(op) or "").endswith(":room"),
                        at=at,
                    )
                case "aiex.npu.rtp_write":
                    yield self._write(op, at)
                case "aiex.set_lock":
                    lock = self.table.parts.lock(op.operands[0], at)
                    yield SetLock(lock=lock, value=number_of(op.properties["value"]), at=at)
                case _:
                    steps = self.register_writes.steps(op, at)
                    if steps is None:
                        raise DesignError(
                            f"{op.name} cannot run in a runtime sequence here",
                            at=at,
                            because=_BECAUSE.get(op.name, _NO_STEP),
                        )
                    yield from steps
        self.registers.resets.end()

    def _task(self, op: MlirOperation, at: SourceLine | None) -> "_Task":
        tile = tile_of(op.operands[0])
        if tile is None:
            raise DesignError("a task is configured on a tile without a place", at=at)
        channel = ChannelName(
            tile,
            DIRECTIONS.word(op.properties["direction"]),
            number_of(op.properties["channel"]),
        )
        chain = op.regions[0].block if len(op.regions[0].blocks) == 1 else op.regions[0].blocks[0]
        first = self.table.chain(chain, tile, packet_header(op), name_of_location(op))
        repeat = op.properties.get("repeat_count")
        token = op.properties.get("issue_token")
        return _Task(
            number=self._next_task(),
            channel=channel,
            first=first,
            repeat_count=1 + (number_of(repeat) if repeat is not None else 0),
            token=token is not None and number_of(token) != 0,
        )

    def _next_task(self) -> int:
        number = self.registers.tasks
        self.registers.tasks += 1
        return number

    def _start(self, op: MlirOperation, at: SourceLine | None) -> StartTask:
        task = self.configured[op.operands[0]]
        self.registers.descriptors.task_started(task.channel, task.first)
        return StartTask(
            task=task.number,
            channel=task.channel,
            first=task.first,
            repeat_count=task.repeat_count,
            token=task.token,
            at=at,
        )

    def _write(self, op: MlirOperation, at: SourceLine | None) -> WriteBuffer:
        """A parameter write sets one 32-bit word; its index counts words."""
        target = op.properties["buffer"]
        assert isinstance(target, SymbolRefAttr)
        value = constant_of(op.operands[0])
        if value is None:
            raise DesignError("a parameter gets a value that is known only at run time", at=at)
        return WriteBuffer(
            buffer=self.table.parts.buffer_named(target.root_reference.data, at),
            offset_bytes=number_of(op.properties["index"]) * _RTP_WORD_BYTES,
            content=(value % 2**32).to_bytes(_RTP_WORD_BYTES, "little"),
            at=at,
        )


@dataclass(frozen=True)
class _Task:
    number: int
    channel: ChannelName
    first: int
    repeat_count: int
    token: bool


def _register_file(
    op: RuntimeSequenceOp,
    table: DescriptorTable,
    model: DeviceModel,
    programs: tuple[ChannelProgram, ...],
    traces: TraceWrites,
) -> RegisterFile:
    """The registers as the configuration leaves them."""
    sizes = [_byte_count(argument.type, source_line_of(op)) for argument in op.body.block.args]
    numbers = RegisterNumbers(table.parts, model)
    shims = frozenset(Tile(column, 0) for column in range(model.columns))
    trace_tiles = frozenset(shim for shim in shims if traces.reaches(shim))
    descriptors = DescriptorRegisters(table, model, numbers, sizes, trace_tiles)
    descriptors.configured(programs)
    resets = InitialResets(table, model, programs)
    return RegisterFile(table, model, descriptors, traces, resets)


def _byte_count(type_: Attribute, at: SourceLine | None) -> int:
    assert isinstance(type_, MemRefType)
    return math.prod(shape_of(type_, at)) * element_of(type_.element_type, at).bytes


def _host_argument(
    argument: SSAValue,
    number: int,
    table: DescriptorTable,
    steps: tuple[Step, ...],
    at: SourceLine | None,
) -> HostArgument:
    directions = {
        step.channel.direction
        for step in steps
        if isinstance(step, StartTask) and _moves(table, step.first, HostBuffer(number))
    }
    return HostArgument(
        shape=shape_of(argument.type, at),
        element=element_of(argument.type.element_type, at),  # type: ignore[attr-defined]
        read=Direction.MM2S in directions,
        written=Direction.S2MM in directions,
        name=argument.name_hint,
    )


def _moves(table: DescriptorTable, first: int, memory: HostBuffer) -> bool:
    """Whether a descriptor of the chain from `first` moves `memory`."""
    seen: set[int] = set()
    index: int | None = first
    while index is not None and index not in seen:
        if table.descriptors[index].memory == memory:
            return True
        seen.add(index)
        index = table.descriptors[index].next
    return False
