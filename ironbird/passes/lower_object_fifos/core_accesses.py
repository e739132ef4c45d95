"""Acquires, accesses and releases of a core become lock operations and a choice of buffer.

The body stays rolled: which buffer comes next is a number that each loop carries along
(`iter_args`), and `scf.index_switch` turns it into a buffer. Numbers that are the same on every
path are not carried. This is what mlir-aie 1.4 makes by default; a core that asks for unrolling
(`dynamic_objfifo_lowering = false`) does the same, rolled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import DenseArrayBase, IndexType, i32, i64
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.rewriter import Rewriter

from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    CoreOp,
    ObjectFifoAcquireOp,
    ObjectFifoReleaseOp,
    ObjectFifoSubviewAccessOp,
    UseLockOp,
)
from ironbird.ir.codes import FifoPort, LockAction
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_object_fifos.core_constants import CoreConstants
from ironbird.passes.lower_object_fifos.fifo import FifoEnd
from ironbird.passes.lower_object_fifos.held_objects import (
    NONE_HELD,
    EndKey,
    HeldObjects,
    accesses_in,
    end_key,
    refuse_unfollowable,
    trip_count,
)
from ironbird.passes.lower_object_fifos.pool import Pool

Number = int | SSAValue
"""A number known now, or one the core computes (i32)."""


@dataclass(frozen=True)
class EndState:
    """Where a core stands with one end of a fifo.

    next_buffer: number of the buffer of the oldest object held, or of the next one to come.
    held:        how many objects may be held.
    held_value:  how many are held at run time; None where `held` is one number.
    """

    next_buffer: Number = 0
    held: frozenset[int] = NONE_HELD
    held_value: SSAValue | None = None

    @property
    def held_number(self) -> Number:
        """How many objects are held."""
        if self.held_value is not None:
            return self.held_value
        (count,) = self.held
        return count


States = dict[EndKey, EndState]


def lower_core(core: CoreOp, ends: Mapping[EndKey, FifoEnd], pools: Mapping[EndKey, Pool]) -> None:
    """Replace the fifo operations of `core`. `ends` and `pools` are those of its tile."""
    if not any(accesses_in(core)):
        return
    refuse_unfollowable(core)
    body = core.body.block
    following = HeldObjects(ends, {end: len(pools[end].buffers) for end in ends})
    used = _touched_in(core)
    following.after_block(body, dict.fromkeys(used, NONE_HELD))
    lowering = _CoreLowering(core, pools, following)
    lowering.lower_block(body, dict.fromkeys(used, EndState()))
    lowering.erase_unused()


class _CoreLowering:
    def __init__(self, core: CoreOp, pools: Mapping[EndKey, Pool], following: HeldObjects) -> None:
        self.constants = CoreConstants(core)
        self.pools = pools
        self.following = following
        self.next_buffer_at: dict[ObjectFifoAcquireOp, Number] = {}
        self.made: list[Operation] = []

    def lower_block(self, block: Block, states: States) -> States:
        """Lower the operations of `block` in order. Returns the states behind it."""
        states = dict(states)
        for op in list(block.ops):
            if isinstance(op, ObjectFifoAcquireOp):
                states[end_key(op)] = self._acquire(op, states[end_key(op)])
            elif isinstance(op, ObjectFifoSubviewAccessOp):
                self._access(op)
            elif isinstance(op, ObjectFifoReleaseOp):
                states[end_key(op)] = self._release(op, states[end_key(op)])
            elif isinstance(op, scf.ForOp) and any(accesses_in(op)):
                states = self._loop(op, states)
            elif isinstance(op, scf.IfOp) and any(accesses_in(op)):
                states = self._if(op, states)
        for op in list(block.ops):
            if isinstance(op, ObjectFifoAcquireOp):
                Rewriter.erase_op(op)
        return states

    def erase_unused(self) -> None:
        """Drop the arithmetic that nothing needs in the end."""
        for op in reversed(self.made):
            if op.results and not any(result.uses for result in op.results):
                Rewriter.erase_op(op)

    def _acquire(self, op: ObjectFifoAcquireOp, state: EndState) -> EndState:
        size = number_of(op.size)
        held = self.following.after_acquire(op, state.held)
        self.next_buffer_at[op] = state.next_buffer
        if state.held_value is None:
            (count,) = state.held
            if size > count:
                self._use_lock(op, LockAction.ACQUIRE_GREATER_EQUAL, size - count)
            return replace(state, held=held)
        wanted = self._insert(arith.SubiOp(self.constants.i32(size), state.held_value), before=op)
        missing = self._insert(arith.MaxSIOp(wanted, self.constants.i32(0)), before=op)
        self._use_lock(op, LockAction.ACQUIRE_GREATER_EQUAL, missing)
        if len(held) == 1:
            return replace(state, held=held, held_value=None)
        total = self._insert(arith.AddiOp(state.held_value, missing), before=op)
        return replace(state, held=held, held_value=total)

    def _access(self, op: ObjectFifoSubviewAccessOp) -> None:
        acquire = op.subview.owner
        assert isinstance(acquire, ObjectFifoAcquireOp)
        index = number_of(op.index)
        if index >= number_of(acquire.size):
            raise DesignError(
                f"This core looks at object {index} of ObjectFifo {acquire.fifo_name!r}",
                at=source_line_of(op),
                because=f"it acquired {number_of(acquire.size)}, numbered from 0",
            )
        buffers = [buffer.buffer for buffer in self.pools[end_key(acquire)].buffers]
        if op.output.type != buffers[0].type:
            raise DesignError(
                f"This core looks at an object of ObjectFifo {acquire.fifo_name!r} as "
                f"{op.output.type}",
                at=source_line_of(op),
                because=f"an object is {buffers[0].type}",
            )
        # Object `index` of buffer number n lies in buffer n + index, round the ring.
        rotated = [buffers[(first + index) % len(buffers)] for first in range(len(buffers))]
        next_buffer = self.next_buffer_at[acquire]
        if isinstance(next_buffer, int):
            chosen: SSAValue = rotated[next_buffer]
        else:
            chosen = self._switch(op, next_buffer, rotated)
        op.output.replace_all_uses_with(chosen)
        Rewriter.erase_op(op)

    def _switch(
        self, op: Operation, next_buffer: SSAValue, buffers: Sequence[SSAValue]
    ) -> SSAValue:
        index = self._insert(arith.IndexCastOp(next_buffer, IndexType()), before=op)
        regions = [Region(Block([scf.YieldOp(buffer)])) for buffer in buffers]
        switch = scf.IndexSwitchOp(
            index,
            DenseArrayBase.from_list(i64, range(len(buffers))),
            Region(Block([scf.YieldOp(buffers[0])])),
            regions,
            [buffers[0].type],
        )
        return self._insert(switch, before=op)

    def _release(self, op: ObjectFifoReleaseOp, state: EndState) -> EndState:
        size = number_of(op.size)
        self._use_lock(op, LockAction.RELEASE, size)
        held = self.following.after_release(op, state.held)
        held_value = None
        if len(held) > 1:
            assert state.held_value is not None
            held_value = self._insert(
                arith.SubiOp(state.held_value, self.constants.i32(size)), before=op
            )
        next_buffer = self._advanced(op, state.next_buffer, size)
        Rewriter.erase_op(op)
        return EndState(next_buffer, held, held_value)

    def _advanced(self, op: ObjectFifoReleaseOp, next_buffer: Number, size: int) -> Number:
        """The number of the buffer `size` further on, round the ring."""
        depth = len(self.pools[end_key(op)].buffers)
        if isinstance(next_buffer, int):
            return (next_buffer + size) % depth
        further = self._insert(arith.AddiOp(next_buffer, self.constants.i32(size)), before=op)
        past = self._insert(arith.CmpiOp(further, self.constants.i32(depth), "sge"), before=op)
        if size == 1:
            wrapped = self.constants.i32(0)
        else:
            wrapped = self._insert(
                arith.AddiOp(next_buffer, self.constants.i32(size - depth)), before=op
            )
        return self._insert(arith.SelectOp(past, wrapped, further), before=op)

    def _use_lock(
        self, op: ObjectFifoAcquireOp | ObjectFifoReleaseOp, action: LockAction, count: Number
    ) -> None:
        """Take or give `count` objects: free ones to write into, or full ones to read."""
        pool = self.pools[end_key(op)]
        if not pool.locks:
            return
        (pair,) = pool.locks
        wants_free = (op.fifo_port is FifoPort.PRODUCE) == (action is not LockAction.RELEASE)
        each = pool.repeat_count if op.fifo_port is FifoPort.PRODUCE else 1
        if isinstance(count, int):
            value = self.constants.i32(count * each)
        elif each > 1:
            value = self._insert(arith.MuliOp(count, self.constants.i32(each)), before=op)
        else:
            value = count
        lock = UseLockOp(pair.free if wants_free else pair.full, action, value)
        _insert_located(lock, op)

    def _loop(self, loop: scf.ForOp, states: States) -> States:
        """Lower a loop; numbers that its body changes become `iter_args`."""
        if trip_count(loop) == 0:
            for unchanged, initial in zip(loop.results, loop.iter_args, strict=True):
                unchanged.replace_all_uses_with(initial)
            Rewriter.erase_op(loop)
            return states
        moved = self._moved_in(loop)
        entry, exit_ = self.following.entry[loop], self.following.exit[loop]
        counted = [end for end in _touched_in(loop) if len(entry[end]) > 1 or len(exit_[end]) > 1]
        inside = {end: _known(replace(state, held=entry[end])) for end, state in states.items()}
        behind = {end: replace(state, held=exit_[end]) for end, state in states.items()}
        if not moved and not counted:
            self.lower_block(loop.body.block, inside)
            return {end: _known(state) for end, state in behind.items()}
        inits = [self._as_value(states[end].next_buffer) for end in moved]
        inits += [self._as_value(states[end].held_number) for end in counted]
        body = loop.detach_region(loop.body)
        block = body.block
        arguments = [block.insert_arg(i32, len(block.args)) for _ in inits]
        for end, argument in zip(moved, arguments, strict=False):
            inside[end] = replace(inside[end], next_buffer=argument)
        for end, argument in zip(counted, arguments[len(moved) :], strict=True):
            inside[end] = _known(replace(inside[end], held_value=argument))
        behind_body = self.lower_block(block, inside)
        yielded = [self._as_value(behind_body[end].next_buffer) for end in moved]
        yielded += [self._as_value(behind_body[end].held_number) for end in counted]
        _extend_yield(block, yielded)
        grown = scf.ForOp(loop.lb, loop.ub, loop.step, [*loop.iter_args, *inits], body)
        results = self._replace(loop, grown)
        for end, result in zip(moved, results, strict=False):
            behind[end] = replace(behind[end], next_buffer=result)
        for end, result in zip(counted, results[len(moved) :], strict=True):
            behind[end] = replace(behind[end], held_value=result)
        return {end: _known(state) for end, state in behind.items()}

    def _if(self, op: scf.IfOp, states: States) -> States:
        """Lower both branches; numbers that differ behind them become results."""
        if not op.false_region.blocks:
            op.false_region.add_block(Block([scf.YieldOp()]))
        touched = _touched_in(op)
        branches = [op.true_region.block, op.false_region.block]
        then, else_ = (self.lower_block(block, states) for block in branches)
        moved = [end for end in states if then[end].next_buffer != else_[end].next_buffer]
        behind = {end: replace(then[end], held=then[end].held | else_[end].held) for end in states}
        counted = [end for end in touched if len(behind[end].held) > 1]
        if not moved and not counted:
            return {end: _known(state) for end, state in behind.items()}
        for block, branch in zip(branches, (then, else_), strict=True):
            values = [self._as_value(branch[end].next_buffer) for end in moved]
            values += [self._as_value(branch[end].held_number) for end in counted]
            _extend_yield(block, values)
        types = [*op.result_types, *(i32 for _ in (*moved, *counted))]
        true_region, false_region = [op.detach_region(region) for region in tuple(op.regions)]
        grown = scf.IfOp(op.cond, types, true_region, false_region)
        results = self._replace(op, grown)
        for end, result in zip(moved, results, strict=False):
            behind[end] = replace(behind[end], next_buffer=result)
        for end, result in zip(counted, results[len(moved) :], strict=True):
            behind[end] = replace(behind[end], held_value=result)
        return {end: _known(state) for end, state in behind.items()}

    def _moved_in(self, loop: Operation) -> list[EndKey]:
        """The ends whose next buffer `loop` changes, in the order of first use."""
        released = {end_key(op) for op in loop.walk() if isinstance(op, ObjectFifoReleaseOp)}
        return [
            end for end in _touched_in(loop) if end in released and len(self.pools[end].buffers) > 1
        ]

    def _replace(self, old: Operation, new: Operation) -> list[SSAValue]:
        """Put `new` in the place of `old`. Returns the results that `old` did not have."""
        new.location = old.location
        block = old.parent_block()
        assert block is not None
        block.insert_op_before(new, old)
        count = len(old.results)
        for before, after in zip(old.results, new.results, strict=False):
            before.replace_all_uses_with(after)
        Rewriter.erase_op(old)
        return list(new.results[count:])

    def _insert(self, op: Operation, *, before: Operation) -> SSAValue:
        """Insert arithmetic for `before`. Returns its result."""
        _insert_located(op, before)
        self.made.append(op)
        return op.results[0]

    def _as_value(self, number: Number) -> SSAValue:
        return self.constants.i32(number) if isinstance(number, int) else number


def _touched_in(op: Operation) -> list[EndKey]:
    """The ends that `op` acquires or releases, in the order of first use."""
    return list(
        dict.fromkeys(
            end_key(access)
            for access in accesses_in(op)
            if not isinstance(access, ObjectFifoSubviewAccessOp)
        )
    )


def _insert_located(op: Operation, before: Operation) -> None:
    """Insert `op` with the author's line of the operation it stands for."""
    for inner in op.walk():
        inner.location = before.location
    block = before.parent_block()
    assert block is not None
    block.insert_op_before(op, before)


def _known(state: EndState) -> EndState:
    """Without the run-time count where there is only one possibility."""
    return replace(state, held_value=None) if len(state.held) == 1 else state


def _extend_yield(block: Block, values: list[SSAValue]) -> None:
    old = block.last_op
    assert isinstance(old, scf.YieldOp)
    new = scf.YieldOp(*old.operands, *values)
    new.location = old.location
    block.insert_op_before(new, old)
    Rewriter.erase_op(old)
