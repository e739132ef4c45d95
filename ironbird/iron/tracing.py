"""Where the operations of a core or of a sequence go while its Python function runs.

A `Trace` is one body being built. Everything an author calls inside it (`acquire`, a kernel,
`a + b`) asks for the current trace and emits there. Refuses a value that is used outside the loop
or branch in which it was computed: Python keeps such names alive, MLIR does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from xdsl.dialects import arith
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir.locations import location_of
from ironbird.iron.mlir_types import number_attribute

# Far above what fits the 16 KiB program memory of a core (AM020 ch4), and soon reached by a Python
# loop that never ends.
MOST_OPERATIONS = 50_000

OperationT = TypeVar("OperationT", bound=Operation)


@dataclass(frozen=True)
class OpenBlock:
    """A body that operations go into. what: such as `range_`. at: the line that opened it."""

    block: Block
    what: str
    at: SourceLine


class Trace:
    """One body being built; `what` names it in refusals, such as `the core function 'body'`.

    computer: who computes its values, for refusals.
    """

    computer = "core"

    def __init__(self, block: Block, what: str, at: SourceLine) -> None:
        self.what = what
        self.at = at
        self._open = [OpenBlock(block, what, at)]
        self._closed: dict[Block, OpenBlock] = {}
        self._awaiting_else: dict[Block, OpenBlock] = {}
        self._emitted = 0

    def emit(self, op: OperationT, *, at: SourceLine | None = None) -> OperationT:
        """Append `op` to the innermost open body, with the author's line as its location."""
        line = at if at is not None else author_line()
        for operand in op.operands:
            self._check_visible(operand, line)
        self._emitted += 1
        if self._emitted > MOST_OPERATIONS:
            raise self._too_long(line)
        op.location = location_of(line)
        self._open[-1].block.add_op(op)
        return op

    def constant(self, value: float, element: ElementType) -> SSAValue:
        """A constant of an element type, emitted where it is used."""
        return self.constant_of(number_attribute(value, element))

    def constant_of(self, value: Attribute) -> SSAValue:
        """A constant attribute as a value."""
        return self.emit(arith.ConstantOp(value)).results[0]  # type: ignore[arg-type]

    def open(self, block: Block, what: str) -> OpenBlock:
        """Let operations go into `block` until it is closed."""
        opened = OpenBlock(block, what, author_line())
        self._open.append(opened)
        return opened

    def expect_innermost(self, opened: OpenBlock) -> None:
        """Refuse if a body inside `opened` was left by `break` or `return`."""
        if self._open[-1] is not opened:
            raise self._left_early(self._open[-1])

    def close(self, opened: OpenBlock) -> None:
        """End the innermost body, which is `opened`."""
        self.expect_innermost(opened)
        self._closed[opened.block] = self._open.pop()

    def finish(self) -> None:
        """Check that every body that was opened was closed."""
        if len(self._open) > 1:
            raise self._left_early(self._open[-1])
        for opened in self._awaiting_else.values():
            raise DesignError(
                "an `if_` whose body yields values has no `else_`",
                at=opened.at,
                because="the values would be nothing where its condition does not hold",
                fix="with else_(branch): yield_([...]) directly behind it",
            )

    def awaits_else(self, opened: OpenBlock) -> None:
        """Note a branch that has to be followed by its `else_`."""
        self._awaiting_else[opened.block] = opened

    def has_else(self, block: Block) -> None:
        """The branch whose body is `block` has its `else_`."""
        self._awaiting_else.pop(block, None)

    @property
    def depth(self) -> int:
        """How many loops and branches are open."""
        return len(self._open) - 1

    @property
    def innermost(self) -> OpenBlock:
        """The body that operations go into now."""
        return self._open[-1]

    def _too_long(self, line: SourceLine) -> DesignError:
        return DesignError(
            f"{self.what} emits more than {MOST_OPERATIONS} operations",
            at=line,
            because="a Python loop runs while the function is traced, each turn as operations of "
            "its own; a core's memory holds 1024 instructions",
            fix="range_ in the place of a Python `while` or `for`",
        )

    def _left_early(self, left: OpenBlock) -> DesignError:
        return DesignError(
            f"`{left.what}` in {self.what} was left before its end",
            at=left.at,
            because="break, return or an exception inside it ends the tracing, not the loop",
            fix=f"a condition with if_ inside the body of {left.what}",
        )

    def _check_visible(self, value: SSAValue, line: SourceLine) -> None:
        home = value.owner if isinstance(value, BlockArgument) else value.owner.parent_block()
        if home is None or any(opened.block is home for opened in self._open):
            return
        closed = self._closed.get(home)
        if closed is None:
            raise DesignError(
                f"a value of another core is used in {self.what}",
                at=line,
                because="each core function computes with its own values only",
                fix="an ObjectFifo between the two workers",
            )
        raise DesignError(
            f"a value computed inside `{closed.what}` is used after it",
            at=line,
            because=f"the `{closed.what}` at {closed.at} has ended, and its values with it",
            fix="carry the value with iter_args, or store it in a Buffer or an object of a fifo",
        )


_current: ContextVar[Trace | None] = ContextVar("ironbird_trace", default=None)


@contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Make `trace` the one that author code emits into."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def current_trace(what: str) -> Trace:
    """The trace to emit into; `what` is what the author called, for the refusal outside of one."""
    trace = _current.get()
    if trace is None:
        raise DesignError(
            f"{what} outside of a core function or a sequence",
            at=author_line(),
            because="it makes an operation of the program, and no program is being built here",
            fix="call it in the function given to Worker(...) or Runtime(...)",
        )
    return trace


def trace_if_any() -> Trace | None:
    """The trace that author code runs under, or None."""
    return _current.get()
