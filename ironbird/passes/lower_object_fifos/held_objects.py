"""How many objects a core may hold of each fifo end, at every loop of its program.

A count is a set: the numbers that are possible on some path. A set of one number is known, and the
core then needs no counter for it. Refuses an acquire beyond the depth, and a release of more
objects than any path holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Block, Operation, SSAValue

from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    CoreOp,
    ObjectFifoAcquireOp,
    ObjectFifoReleaseOp,
    ObjectFifoSubviewAccessOp,
)
from ironbird.ir.codes import FifoPort
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_object_fifos.fifo import FifoEnd

EndKey = tuple[str, FifoPort]
"""A core's end of a fifo: the fifo's name and the port."""

Access = ObjectFifoAcquireOp | ObjectFifoReleaseOp | ObjectFifoSubviewAccessOp
"""The fifo operations of a core."""

Held = dict[EndKey, frozenset[int]]
"""The numbers of objects that may be held of each end."""

NONE_HELD = frozenset((0,))

FOLLOWED = (scf.ForOp, scf.WhileOp, scf.IfOp, scf.IndexSwitchOp)
"""Control flow whose effect on what is held is known."""


def end_key(op: ObjectFifoAcquireOp | ObjectFifoReleaseOp) -> EndKey:
    """The end that `op` is about."""
    return op.fifo_name, op.fifo_port


@dataclass
class HeldObjects:
    """Follows one core's program.

    ends, pool_depths: the ends it may touch, and how many buffers each has.
    entry, exit: what may be held when an iteration of a loop begins, and behind the loop (of
        `scf.while`: behind the region that decides).
    """

    ends: Mapping[EndKey, FifoEnd]
    pool_depths: Mapping[EndKey, int]
    entry: dict[Operation, Held] = field(default_factory=dict)
    exit: dict[Operation, Held] = field(default_factory=dict)

    def after_block(self, block: Block, held: Held) -> Held:
        """What may be held behind `block`, given what may be held before it."""
        held = dict(held)
        for op in block.ops:
            held = self._after(op, held)
        return held

    def after_acquire(self, op: ObjectFifoAcquireOp, held: frozenset[int]) -> frozenset[int]:
        """Acquire counts what is held already: afterwards at least `size` objects are."""
        size = number_of(op.size)
        own_depth = self.ends[end_key(op)].depth
        pool_depth = self.pool_depths[end_key(op)]
        if size > min(own_depth, pool_depth):
            reason = f"its {_end_word(op.fifo_port)} has depth {own_depth}"
            if own_depth > pool_depth:
                reason = f"its producer, with which it shares memory, has depth {pool_depth}"
            raise DesignError(
                f"This core acquires {size} objects of ObjectFifo {op.fifo_name!r} at once",
                at=source_line_of(op),
                because=reason,
                fix=f"a depth of at least {size}",
            )
        return frozenset(max(count, size) for count in held)

    def after_release(self, op: ObjectFifoReleaseOp, held: frozenset[int]) -> frozenset[int]:
        """Paths that hold too little are dropped; there must be one that holds enough."""
        size = number_of(op.size)
        left = frozenset(count - size for count in held if count >= size)
        if not left:
            raise DesignError(
                f"This core releases {size} objects of ObjectFifo {op.fifo_name!r}"
                if size > 1
                else f"This core releases an object of ObjectFifo {op.fifo_name!r}",
                at=source_line_of(op),
                because=f"it holds {max(held)} there",
                fix=f"acquire {size} before this release",
            )
        return left

    def _after(self, op: Operation, held: Held) -> Held:
        if isinstance(op, ObjectFifoAcquireOp):
            return {**held, end_key(op): self.after_acquire(op, held[end_key(op)])}
        if isinstance(op, ObjectFifoReleaseOp):
            return {**held, end_key(op): self.after_release(op, held[end_key(op)])}
        if isinstance(op, scf.ForOp):
            return self._after_loop(op, held)
        if isinstance(op, scf.WhileOp):
            return self._after_while(op, held)
        if isinstance(op, scf.IfOp | scf.IndexSwitchOp):
            branches = [
                self.after_block(region.block, held) if region.blocks else held
                for region in op.regions
            ]
            return join_held(*branches)
        return held

    def _after_loop(self, loop: scf.ForOp, held: Held) -> Held:
        """Follow the iterations until what is held repeats itself."""
        trips = trip_count(loop)
        if trips == 0:
            return held
        seen = [held]
        while trips is None or len(seen) <= trips:
            try:
                after = self.after_block(loop.body.block, seen[-1])
            except DesignError:
                # With an unknown bound only the first iteration is sure to be wrong.
                if trips is None and len(seen) > 1:
                    break
                raise
            if after in seen:
                break
            seen.append(after)
        else:
            self._note(loop, join_held(*seen[:-1]), seen[-1])
            return seen[-1]
        everything = join_held(*seen)
        # The body leads from the last state back to `after`, so a known bound has one exit state.
        known_exit = after if trips is not None and after == seen[-1] else everything
        self._note(loop, everything, known_exit)
        return known_exit

    def _after_while(self, loop: scf.WhileOp, held: Held) -> Held:
        """The first region runs once more than the second, whatever the condition says."""
        seen, decided = [held], [self.after_block(loop.before_region.block, held)]
        while True:
            try:
                after = self.after_block(loop.after_region.block, decided[-1])
                if after in seen:
                    break
                behind = self.after_block(loop.before_region.block, after)
            except DesignError:
                # Only the first time round is sure to happen.
                if len(seen) > 1:
                    break
                raise
            seen.append(after)
            decided.append(behind)
        everything = join_held(*decided)
        self._note(loop, join_held(*seen), everything)
        return everything

    def _note(self, loop: Operation, entry: Held, exit_: Held) -> None:
        self.entry[loop] = join_held(self.entry.get(loop, entry), entry)
        self.exit[loop] = join_held(self.exit.get(loop, exit_), exit_)


def join_held(*states: Held) -> Held:
    """What may be held where several paths meet."""
    return {end: frozenset().union(*(state[end] for state in states)) for end in states[0]}


def trip_count(loop: scf.ForOp) -> int | None:
    """How often `loop` runs, or None if that is known at run time only."""
    bounds = [constant_of(value) for value in (loop.lb, loop.ub, loop.step)]
    lower, upper, step = bounds
    if lower is None or upper is None or step is None or step < 1:
        return None
    return max(0, -(-(upper - lower) // step))


def constant_of(value: SSAValue) -> int | None:
    """The number that `value` always is, or None."""
    owner = value.owner
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        return number_of(owner.value)
    return None


def accesses_in(op: Operation) -> Iterator[Access]:
    """The fifo operations inside `op`, in order."""
    return (inner for inner in op.walk() if isinstance(inner, Access))


def touched_in(op: Operation) -> list[EndKey]:
    """The ends that `op` acquires or releases, in the order of first use."""
    return list(
        dict.fromkeys(
            end_key(access)
            for access in accesses_in(op)
            if not isinstance(access, ObjectFifoSubviewAccessOp)
        )
    )


def refuse_unfollowable(core: CoreOp) -> None:
    """Raise DesignError for an access where its objects cannot be followed."""
    for access in accesses_in(core):
        around = access.parent_op()
        while around is not None and around is not core:
            if not isinstance(around, FOLLOWED):
                raise _unfollowable(access, f"it stands inside {around.name}")
            around = around.parent_op()
        if len(core.body.blocks) > 1:
            raise _unfollowable(access, "its core branches between blocks")


def _unfollowable(access: Operation, reason: str) -> DesignError:
    return DesignError(
        "The objects of a fifo cannot be followed here",
        at=source_line_of(access),
        because=reason,
        fix="acquire and release in range_ loops, while loops and if_ only",
    )


def _end_word(port: FifoPort) -> str:
    return "producer" if port is FifoPort.PRODUCE else "consumer"
