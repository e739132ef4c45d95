"""Runs a lowered core to see what it does, so that cores written differently can be compared.

A trace lists lock operations, calls, loads and stores by the names of locks and buffers, so an
unrolled core and a rolled one that do the same have the same trace. Numbers read from memory are
made up from where and when they were read: both cores read the same ones. Fifo operations that are
not lowered yet run too (`Fifos`): that is the meaning which lowering must keep.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xdsl.dialects import arith, func, memref, scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Block, Operation, SSAValue

from ironbird.ir.aie import (
    BufferOp,
    CoreOp,
    EndOp,
    LockOp,
    ObjectFifoAcquireOp,
    ObjectFifoReleaseOp,
    ObjectFifoSubviewAccessOp,
    UseLockOp,
)
from ironbird.ir.codes import FifoPort
from ironbird.ir.integers import number_of

Event = tuple[Any, ...]


class Enough(Exception):
    """The trace is as long as was asked for."""


@dataclass
class Fifos:
    """What acquires and releases mean, by the book: pools of so many buffers, oldest first.

    buffers: the names of the buffers of each end; locks: its (free, full) locks.
    """

    buffers: Mapping[tuple[str, FifoPort], list[str]]
    locks: Mapping[tuple[str, FifoPort], tuple[str, str]]
    held: dict[tuple[str, FifoPort], int] = field(default_factory=dict)
    oldest: dict[tuple[str, FifoPort], int] = field(default_factory=dict)

    def acquire(self, end: tuple[str, FifoPort], size: int) -> tuple[list[str], int]:
        """The objects, and how many had to be waited for."""
        missing = max(0, size - self.held.get(end, 0))
        self.held[end] = self.held.get(end, 0) + missing
        names = self.buffers[end]
        first = self.oldest.get(end, 0)
        return [names[(first + index) % len(names)] for index in range(size)], missing

    def release(self, end: tuple[str, FifoPort], size: int) -> None:
        """Give back the oldest objects."""
        self.held[end] = self.held.get(end, 0) - size
        self.oldest[end] = (self.oldest.get(end, 0) + size) % len(self.buffers[end])


def trace_of(core: CoreOp, length: int = 400, fifos: Fifos | None = None) -> list[Event]:
    """The first `length` events of `core`; fewer if it ends before. Waiting for no lock is none."""
    run = _Run(length, fifos)
    try:
        run.block(core.body.block)
    except Enough:
        return run.events
    return [*run.events, ("end",)]


class _Run:
    def __init__(self, length: int, fifos: Fifos | None) -> None:
        self.length = length
        self.fifos = fifos
        self.events: list[Event] = []
        self.values: dict[SSAValue, Any] = {}

    def block(self, block: Block) -> list[Any]:
        """Run a block; the values it yields."""
        for op in block.ops:
            if isinstance(op, scf.YieldOp | scf.ConditionOp):
                return [self.value(operand) for operand in op.operands]
            self.step(op)
        return []

    def value(self, ssa: SSAValue) -> Any:
        if isinstance(ssa.owner, BufferOp | LockOp):
            assert ssa.owner.sym_name is not None, "traces need named buffers and locks"
            return ssa.owner.sym_name.data
        return self.values[ssa]

    def note(self, *event: Any) -> None:
        self.events.append(event)
        if len(self.events) >= self.length:
            raise Enough

    def step(self, op: Operation) -> None:
        handler = getattr(self, op.name.replace(".", "_"), None)
        if handler is not None:
            handler(op)
            return
        operands = [self.value(operand) for operand in op.operands]
        if isinstance(op, arith.ConstantOp):
            result = op.value.value.data if isinstance(op.value, IntegerAttr) else str(op.value)
            self.values[op.result] = result
        elif op.name in _ARITHMETIC:
            self.values[op.results[0]] = _ARITHMETIC[op.name](*operands)
        elif not isinstance(op, EndOp):
            self.note(op.name, *operands)
            for number, result in enumerate(op.results):
                self.values[result] = (op.name, len(self.events), number)

    def aie_use_lock(self, op: UseLockOp) -> None:
        count = self.value(op.value)
        if count != 0:
            self.note(str(op.lock_action), self.value(op.lock), count)

    def func_call(self, op: func.CallOp) -> None:
        self.note(op.callee.string_value(), *(self.value(each) for each in op.arguments))
        for number, result in enumerate(op.results):
            self.values[result] = len(self.events) + number

    def memref_load(self, op: memref.LoadOp) -> None:
        self.note("load", self.value(op.memref), *(self.value(index) for index in op.indices))
        self.values[op.res] = len(self.events) % 5 - 1

    def arith_cmpi(self, op: arith.CmpiOp) -> None:
        left, right = self.value(op.lhs), self.value(op.rhs)
        compare = {0: left == right, 1: left != right, 2: left < right, 3: left <= right}
        compare |= {4: left > right, 5: left >= right}
        self.values[op.result] = compare[number_of(op.predicate)]

    def scf_for(self, op: scf.ForOp) -> None:
        carried = [self.value(each) for each in op.iter_args]
        lower, upper, step = (self.value(each) for each in (op.lb, op.ub, op.step))
        for index in range(lower, upper, step):
            for argument, value in zip(op.body.block.args, [index, *carried], strict=True):
                self.values[argument] = value
            carried = self.block(op.body.block)
        self.values.update(zip(op.results, carried, strict=True))

    def scf_while(self, op: scf.WhileOp) -> None:
        carried = [self.value(each) for each in op.arguments]
        while True:
            self.values.update(zip(op.before_region.block.args, carried, strict=True))
            goes_on, *handed_on = self.block(op.before_region.block)
            if not goes_on:
                break
            self.values.update(zip(op.after_region.block.args, handed_on, strict=True))
            carried = self.block(op.after_region.block)
        self.values.update(zip(op.results, handed_on, strict=True))

    def scf_if(self, op: scf.IfOp) -> None:
        region = op.true_region if self.value(op.cond) else op.false_region
        results = self.block(region.block) if region.blocks else []
        self.values.update(zip(op.results, results, strict=True))

    def scf_index_switch(self, op: scf.IndexSwitchOp) -> None:
        cases = list(op.cases.iter_values())
        chosen = self.value(op.arg)
        region = op.case_regions[cases.index(chosen)] if chosen in cases else op.default_region
        self.values.update(zip(op.results, self.block(region.block), strict=True))

    def aie_objectfifo_acquire(self, op: ObjectFifoAcquireOp) -> None:
        assert self.fifos is not None
        end = (op.fifo_name, op.fifo_port)
        objects, missing = self.fifos.acquire(end, number_of(op.size))
        self.values[op.subview] = objects
        free, full = self.fifos.locks[end]
        if missing:
            lock = free if op.fifo_port is FifoPort.PRODUCE else full
            self.note("AcquireGreaterEqual", lock, missing)

    def aie_objectfifo_subview_access(self, op: ObjectFifoSubviewAccessOp) -> None:
        self.values[op.output] = self.value(op.subview)[number_of(op.index)]

    def aie_objectfifo_release(self, op: ObjectFifoReleaseOp) -> None:
        assert self.fifos is not None
        end = (op.fifo_name, op.fifo_port)
        self.fifos.release(end, number_of(op.size))
        free, full = self.fifos.locks[end]
        lock = full if op.fifo_port is FifoPort.PRODUCE else free
        self.note("Release", lock, number_of(op.size))


_ARITHMETIC = {
    "arith.addi": lambda left, right: left + right,
    "arith.subi": lambda left, right: left - right,
    "arith.muli": lambda left, right: left * right,
    "arith.maxsi": max,
    "arith.minsi": min,
    "arith.remsi": lambda left, right: int(math.fmod(left, right)),
    "arith.divsi": lambda left, right: int(left / right),
    "arith.select": lambda condition, yes, no: yes if condition else no,
    "arith.index_cast": lambda value: value,
}
