"""A Python variable that the body of a `range_` changes for its next turn: refused.

The body is traced once, so every turn would see what the variable was before the loop, and the sum
in `total += row[i]` would silently be its last term. The variable is found in the author's frame:
bound before the loop, read in the body before it is bound there, and left holding what the body
computed. Whether it is read first is seen in the bytecode of the body, in its order.
"""

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from xdsl.ir import Block, BlockArgument

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue, is_number

_SCOPES = ("FAST", "NAME", "DEREF", "GLOBAL")


@dataclass(frozen=True)
class LoopVariables:
    """The variables of an author's frame as a loop over `body` begins at `instruction`."""

    frame: FrameType
    instruction: int
    before: dict[str, Any]
    body: Block
    at: SourceLine

    @classmethod
    def at_start(cls, frame: FrameType, body: Block, at: SourceLine) -> "LoopVariables":
        """Those of `frame`, whose `for` is about to take its first turn."""
        return cls(frame, frame.f_lasti, dict(frame.f_locals), body, at)

    def refuse_carried(self) -> None:
        """Called when the body is traced: refuse a variable meant for the next turn."""
        after = self.frame.f_locals
        changed = {
            name
            for name, old in self.before.items()
            if (is_number(old) or isinstance(old, ScalarValue | MemRefValue))
            and after.get(name) is not old
            and self._is_made_here(after.get(name))
        }
        for name in changed and self._read_before_bound():
            if name in changed:
                raise DesignError(
                    f"the variable {name!r} is changed inside `range_` for the next turn",
                    at=self.at,
                    because="the body is traced once: every turn would see what it was before "
                    "the loop",
                    fix="iter_args=[...] and yield_([...]), or an element of a Buffer",
                )

    def _is_made_here(self, value: object) -> bool:
        """Whether a value was computed inside the loop's body."""
        if not isinstance(value, ScalarValue | MemRefValue):
            return False
        owner = value.ssa.owner
        block = owner if isinstance(value.ssa, BlockArgument) else value.ssa.owner.parent_block()
        while block is not None and block is not self.body:
            parent = block.parent_op()
            block = parent.parent_block() if parent is not None else None
        return block is not None

    def _read_before_bound(self) -> list[str]:
        """Names whose first use in the body reads them, in the order of their first uses."""
        first: dict[str, bool] = {}
        for name, reads in self._uses_in_body():
            first.setdefault(name, reads)
        return [name for name, reads in first.items() if reads]

    def _uses_in_body(self) -> Iterator[tuple[str, bool]]:
        """Each name that the body reads (True) or binds (False)."""
        instructions = iter(dis.get_instructions(self.frame.f_code))
        end: int | None = None
        for each in instructions:
            if each.offset == self.instruction and each.opname == "FOR_ITER":
                end = each.argval
            elif end is not None and each.offset >= end:
                return
            elif end is not None and any(scope in each.opname for scope in _SCOPES):
                verbs = [word for word in each.opname.split("_") if word in ("LOAD", "STORE")]
                names = each.argval if isinstance(each.argval, tuple) else (each.argval,)
                yield from (
                    (name, verb == "LOAD") for name, verb in zip(names, verbs, strict=False)
                )
