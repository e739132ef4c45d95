"""Acquires, accesses and releases of a core become lock operations and a choice of buffer.

The body stays rolled: which buffer comes next is a number that each loop carries along
(`iter_args`), and `scf.index_switch` turns it into a buffer. Numbers that are the same on every
path are not carried. This is what mlir-aie 1.4 makes by default; a core that asks for unrolling
(`dynamic_objfifo_lowering = false`) does the same, rolled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import DenseArrayBase, IndexType, i64
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
from ironbird.passes.lower_object_fifos.core_control import ControlFlow
from ironbird.passes.lower_object_fifos.end_state import EndState, Number, States
from ironbird.passes.lower_object_fifos.fifo import FifoEnd
from ironbird.passes.lower_object_fifos.held_objects import (
    NONE_HELD,
    EndKey,
    HeldObjects,
    accesses_in,
    end_key,
    refuse_unfollowable,
    touched_in,
)
from ironbird.passes.lower_object_fifos.pool import Pool


def lower_core(core: CoreOp, ends: Mapping[EndKey, FifoEnd], pools: Mapping[EndKey, Pool]) -> None:
    """Replace the fifo operations of `core`. `ends` and `pools` are those of its tile."""
    if not any(accesses_in(core)):
        return
    refuse_unfollowable(core)
    body = core.body.block
    following = HeldObjects(ends, {end: len(pools[end].buffers) for end in ends})
    used = touched_in(core)
    following.after_block(body, dict.fromkeys(used, NONE_HELD))
    lowering = _CoreLowering(core, pools, following)
    lowering.lower_block(body, dict.fromkeys(used, EndState()))
    lowering.erase_unused()


class _CoreLowering:
    def __init__(self, core: CoreOp, pools: Mapping[EndKey, Pool], following: HeldObjects) -> None:
        self.constants = CoreConstants(core)
        self.pools = pools
        self.following = following
        depths = {end: len(pool.buffers) for end, pool in pools.items()}
        self.control = ControlFlow(self.constants, following, depths, self.lower_block)
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
            elif op.regions:
                states = self.control.lower(op, states)
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

    def _insert(self, op: Operation, *, before: Operation) -> SSAValue:
        """Insert arithmetic for `before`. Returns its result."""
        _insert_located(op, before)
        self.made.append(op)
        return op.results[0]


def _insert_located(op: Operation, before: Operation) -> None:
    """Insert `op` with the author's line of the operation it stands for."""
    for inner in op.walk():
        inner.location = before.location
    block = before.parent_block()
    assert block is not None
    block.insert_op_before(op, before)
