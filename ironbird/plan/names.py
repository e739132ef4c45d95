"""The author's names for what an ObjectFifo was lowered to, for messages only.

Lowered operations carry the name of their fifo in their location. A module read from text has no
such locations; there the names that mlir-aie gives are taken apart (`<fifo>_cons_buff_0`,
`<fifo>_prod_lock_0`).
"""

import re

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation

from ironbird.ir.aie import BufferOp, LockOp
from ironbird.ir.locations import name_of_location

_BUFFER = re.compile(r"(?P<fifo>.+?)(_\d+)?(_cons)?_buff_\d+")
_LOCK = re.compile(r"(?P<fifo>.+?)(_\d+)?(_cons)?_(?P<role>prod|cons)_lock_\d+")
_ROLES = {"prod": "free", "cons": "full"}


def fifo_of_buffer(op: BufferOp) -> str | None:
    """The fifo that `op` holds an object of, or None."""
    named = name_of_location(op)
    if named is not None:
        return named
    matched = _BUFFER.fullmatch(_symbol(op))
    return matched["fifo"] if matched is not None else None


def fifo_and_role_of_lock(op: LockOp) -> tuple[str | None, str | None]:
    """The fifo of a lock, and what the lock counts: its "free" or its "full" objects."""
    named = name_of_location(op)
    if named is not None:
        fifo, _, role = named.rpartition(":")
        return (fifo, role) if fifo else (named, None)
    matched = _LOCK.fullmatch(_symbol(op))
    return (matched["fifo"], _ROLES[matched["role"]]) if matched is not None else (None, None)


def fifo_of_allocation(symbol: str) -> str:
    """The fifo whose end on the shim the allocation `symbol` is."""
    return symbol.removesuffix("_shim_alloc")


def _symbol(op: Operation) -> str:
    name = op.properties.get("sym_name")
    return name.data if isinstance(name, StringAttr) else ""
