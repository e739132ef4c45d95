"""Loops and branches of a core that move its fifos: what they change becomes a value they yield.

A number that is the same on every path is not carried, and an operation that carries none keeps
its form.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from xdsl.dialects import scf
from xdsl.dialects.builtin import i32
from xdsl.ir import Block, Operation, SSAValue
from xdsl.rewriter import Rewriter

from ironbird.ir.aie import ObjectFifoReleaseOp
from ironbird.passes.lower_object_fifos.core_constants import CoreConstants
from ironbird.passes.lower_object_fifos.end_state import CarriedNumbers, States
from ironbird.passes.lower_object_fifos.held_objects import (
    EndKey,
    Held,
    HeldObjects,
    accesses_in,
    end_key,
    touched_in,
    trip_count,
)


@dataclass(frozen=True)
class ControlFlow:
    """Lowers one loop or branch at a time.

    lower_block:  lowers what a block holds; takes and returns the states around it.
    pool_depths:  how many buffers each end has.
    """

    constants: CoreConstants
    following: HeldObjects
    pool_depths: dict[EndKey, int]
    lower_block: Callable[[Block, States], States]

    def lower(self, op: Operation, states: States) -> States:
        """Lower `op` with what is inside. Returns the states behind it."""
        if not any(accesses_in(op)):
            return states
        match op:
            case scf.ForOp():
                return self._for(op, states)
            case scf.WhileOp():
                return self._while(op, states)
            case scf.IfOp():
                if not op.false_region.blocks:
                    op.false_region.add_block(Block([scf.YieldOp()]))
                return self._branches(op, states)
            case scf.IndexSwitchOp():
                return self._branches(op, states)
        return states

    def _for(self, loop: scf.ForOp, states: States) -> States:
        if trip_count(loop) == 0:
            for unchanged, initial in zip(loop.results, loop.iter_args, strict=True):
                unchanged.replace_all_uses_with(initial)
            Rewriter.erase_op(loop)
            return states
        entry, exit_ = self.following.entry[loop], self.following.exit[loop]
        carried = self._carried(loop, entry, exit_)
        behind = _holding(states, exit_)
        inits = carried.values_of(states, self.constants)
        body = loop.detach_region(loop.body) if carried else loop.body
        arguments = _add_arguments(body.block, len(inits))
        inside = carried.bound_to(_holding(states, entry), arguments)
        behind_body = self.lower_block(body.block, inside)
        if not carried:
            return carried.bound_to(behind, [])
        _extend(body.block, carried.values_of(behind_body, self.constants))
        grown = scf.ForOp(loop.lb, loop.ub, loop.step, [*loop.iter_args, *inits], body)
        return carried.bound_to(behind, _put_in_place(loop, grown))

    def _while(self, loop: scf.WhileOp, states: States) -> States:
        """The first region decides whether to go on; what it hands on leaves the loop as well."""
        entry, exit_ = self.following.entry[loop], self.following.exit[loop]
        carried = self._carried(loop, entry, exit_)
        inits = carried.values_of(states, self.constants)
        before, after = loop.before_region, loop.after_region
        if carried:
            before, after = loop.detach_region(before), loop.detach_region(after)
        arguments = _add_arguments(before.block, len(inits))
        inside = carried.bound_to(_holding(states, entry), arguments)
        decided = self.lower_block(before.block, inside)
        going_on = _add_arguments(after.block, len(inits))
        behind_body = self.lower_block(after.block, carried.bound_to(decided, going_on))
        if not carried:
            return carried.bound_to(_holding(decided, exit_), [])
        _extend(before.block, carried.values_of(decided, self.constants))
        _extend(after.block, carried.values_of(behind_body, self.constants))
        types = [*loop.result_types, *(i32 for _ in inits)]
        grown = scf.WhileOp([*loop.arguments, *inits], types, before, after)
        return carried.bound_to(_holding(decided, exit_), _put_in_place(loop, grown))

    def _branches(self, op: scf.IfOp | scf.IndexSwitchOp, states: States) -> States:
        """Lower every branch; numbers that differ behind them become results."""
        touched = touched_in(op)
        blocks = [region.block for region in op.regions]
        ends = [self.lower_block(block, states) for block in blocks]
        behind = {
            end: replace(ends[0][end], held=frozenset().union(*(state[end].held for state in ends)))
            for end in states
        }
        carried = CarriedNumbers(
            [end for end in states if len({state[end].next_buffer for state in ends}) > 1],
            [end for end in touched if len(behind[end].held) > 1],
        )
        if not carried:
            return carried.bound_to(behind, [])
        for block, state in zip(blocks, ends, strict=True):
            _extend(block, carried.values_of(state, self.constants))
        types = [*op.result_types, *(i32 for _ in range(len(carried)))]
        regions = [op.detach_region(region) for region in tuple(op.regions)]
        grown: Operation
        if isinstance(op, scf.IfOp):
            then, otherwise = regions
            grown = scf.IfOp(op.cond, types, then, otherwise)
        else:
            grown = scf.IndexSwitchOp(op.arg, op.cases, regions[0], regions[1:], types)
        return carried.bound_to(behind, _put_in_place(op, grown))

    def _carried(self, loop: Operation, entry: Held, exit_: Held) -> CarriedNumbers:
        """What an iteration changes: the buffers it moves past, and counts that are not one."""
        released = {end_key(op) for op in loop.walk() if isinstance(op, ObjectFifoReleaseOp)}
        touched = touched_in(loop)
        return CarriedNumbers(
            [end for end in touched if end in released and self.pool_depths[end] > 1],
            [end for end in touched if len(entry[end]) > 1 or len(exit_[end]) > 1],
        )


def _holding(states: States, held: Held) -> States:
    return {end: replace(state, held=held[end]) for end, state in states.items()}


def _add_arguments(block: Block, count: int) -> list[SSAValue]:
    return [block.insert_arg(i32, len(block.args)) for _ in range(count)]


def _extend(block: Block, values: list[SSAValue]) -> None:
    """Let the end of `block` hand on `values` too."""
    old = block.last_op
    assert isinstance(old, scf.YieldOp | scf.ConditionOp)
    new = type(old)(*old.operands, *values)
    new.location = old.location
    block.insert_op_before(new, old)
    Rewriter.erase_op(old)


def _put_in_place(old: Operation, new: Operation) -> list[SSAValue]:
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
