"""Acquires, accesses and releases: in a core that is an end of the fifo."""

from xdsl.ir import SSAValue

from ironbird.ir.aie import (
    ObjectFifoAcquireOp,
    ObjectFifoOp,
    ObjectFifoReleaseOp,
    ObjectFifoSubviewAccessOp,
    pinned_place_of,
)
from ironbird.ir.checks.cores import core_round
from ironbird.ir.checks.scope import Scope, plural, refuse, tile_text
from ironbird.ir.codes import FifoPort
from ironbird.ir.integers import number_of


def check_acquire(op: ObjectFifoAcquireOp, scope: Scope) -> None:
    """No more objects than the fifo has at this end, of its type."""
    fifo, depth = _check_use(op, "acquires", scope)
    consumes = op.fifo_port is FifoPort.CONSUME
    object_type = fifo.consumer_object_type if consumes else fifo.object_type
    if op.subview.type.element != object_type:
        refuse(
            op,
            f"objects of ObjectFifo '{op.fifo_name}' are acquired as {op.subview.type.element}",
            because=f"they are {object_type}",
        )
    size = number_of(op.size)
    if depth and size > depth:
        refuse(
            op,
            f"{plural(size, 'object')} of ObjectFifo '{op.fifo_name}' are acquired",
            because=f"its depth at this end is {depth}",
            fix=f"a depth of {size}",
        )


def check_release(op: ObjectFifoReleaseOp, scope: Scope) -> None:
    """At least one object, of a fifo that this core holds an end of."""
    _check_use(op, "releases", scope)


def _check_use(
    op: ObjectFifoAcquireOp | ObjectFifoReleaseOp, verb: str, scope: Scope
) -> tuple[ObjectFifoOp, int]:
    """The fifo, and its depth at the end that the core holds."""
    name = op.fifo_name
    if number_of(op.size) < 1:
        refuse(
            op,
            f"ObjectFifo '{name}': an operation {verb} {number_of(op.size)} objects",
            because="the least is 1",
        )
    fifo = scope.find(op, name)
    if not isinstance(fifo, ObjectFifoOp):
        refuse(op, f"there is no ObjectFifo '{name}'")
    core = core_round(op)
    if core is None:
        refuse(op, f"ObjectFifo '{name}': an operation outside of a core {verb} objects")
    produces = op.fifo_port is FifoPort.PRODUCE
    ends = (fifo.producer_tile,) if produces else tuple(fifo.consumer_tiles)
    position = next((n for n, tile in enumerate(ends) if _same_place(tile, core.tile)), None)
    if position is None:
        role, others = (
            ("the producer", "producer is") if produces else ("a consumer", "consumers are")
        )
        refuse(
            op,
            f"the core on {tile_text(core.tile)} {verb} as {role} of '{name}'",
            because=f"its {others} on {', '.join(tile_text(tile) for tile in ends)}",
        )
    return fifo, fifo.depths[position if produces else 1 + position]


def _same_place(first: SSAValue, second: SSAValue) -> bool:
    place = pinned_place_of(first)
    return first == second or (place is not None and place == pinned_place_of(second))


def check_access(op: ObjectFifoSubviewAccessOp, scope: Scope) -> None:
    """One of the objects acquired, as what it is."""
    acquire = op.subview.owner
    if not isinstance(acquire, ObjectFifoAcquireOp):
        refuse(op, "the objects were not acquired by aie.objectfifo.acquire")
    index, size = number_of(op.index), number_of(acquire.size)
    if not 0 <= index < size:
        refuse(
            op,
            f"object {index} of ObjectFifo '{acquire.fifo_name}' is used",
            because=f"{plural(size, 'object')} acquired; the first is object 0",
        )
    if op.output.type != acquire.subview.type.element:
        refuse(
            op,
            f"an object of ObjectFifo '{acquire.fifo_name}' is used as {op.output.type}",
            because=f"it is {acquire.subview.type.element}",
        )
