"""Loops and branches that the core takes: `range_`, `if_`, `else_`, `yield_`.

A plain Python `for` or `if` runs while the function is traced: the loop is unrolled, the branch is
decided once. The body of `range_` is traced once, so a Python variable that it changes for the next
turn is refused; what changes is carried with `iter_args` or lies in a buffer.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xdsl.dialects import scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.locations import source_line_of
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue, is_number, scalar_of
from ironbird.iron.core_vectors import VectorValue, core_value
from ironbird.iron.loop_variables import LoopVariables
from ironbird.iron.mlir_types import BOOL, INDEX
from ironbird.iron.tracing import OpenBlock, Trace, current_trace


class range_:
    """`for i in range_(stop)`, `range_(start, stop, step)`: a loop of the core.

    With `iter_args` each turn gives `(i, carried, results)`; the body ends with `yield_([...])`,
    and `results` is what the last turn yielded. One carried value comes bare, several as a tuple.
    Where nothing is carried the yield is added, whatever `insert_yield` says.
    """

    def __init__(
        self,
        start: Any,
        stop: Any = None,
        step: Any = None,
        iter_args: Sequence[Any] | None = None,
        insert_yield: bool = True,
    ) -> None:
        self._trace = current_trace("range_")
        first, last = (0, start) if stop is None else (start, stop)
        if is_number(step) and step < 1:
            raise DesignError(
                f"`range_` with the step {step}",
                at=author_line(),
                because="a loop of the core counts upwards, by 1 at least (scf.for)",
                fix="count upwards, and index with the last number less the counter",
            )
        bounds = [
            scalar_of(bound, INDEX, what="range_").ssa
            for bound in (first, last, 1 if step is None else step)
        ]
        carried = [_carried(value) for value in iter_args or ()]
        block = Block(arg_types=[IndexType(), *(value.type for value in carried)])
        self._op = scf.ForOp(bounds[0], bounds[1], bounds[2], carried, Region(block))
        self._block = block
        self._opened: OpenBlock | None = None
        self._variables: LoopVariables | None = None

    def __iter__(self) -> "range_":
        return self

    def __next__(self) -> Any:
        if self._opened is not None:
            _end_with_yield(self._trace, self._opened, [value.type for value in self._op.results])
            assert self._variables is not None
            self._variables.refuse_carried()
            raise StopIteration
        self._trace.emit(self._op)
        self._opened = self._trace.open(self._block, "range_")
        self._variables = LoopVariables.at_start(sys._getframe(1), self._block, self._opened.at)
        counter = ScalarValue(self._block.args[0])
        if not self._op.iter_args:
            return counter
        return counter, _bare(self._block.args[1:]), _bare(self._op.results)


class Branch:
    """An `if_` of the core. `results`: what its two sides yielded, once both are written."""

    def __init__(self, op: scf.IfOp) -> None:
        self.op = op

    @property
    def results(self) -> Any:
        """One value bare, several as a tuple. Refuses before the `else_` has ended."""
        if not self.op.results:
            raise DesignError(
                "the results of an if_ that has none",
                at=author_line(),
                because="both its bodies have to end with yield_([...])",
                fix="with if_(condition) as branch: ... yield_([a]), then with else_(branch)",
            )
        return _bare(self.op.results)

    def close(self, trace: Trace, opened: OpenBlock) -> None:
        """End the body that yields last, and with it the branch: its results get their types."""
        _end_with_yield(trace, opened, self._yielded())
        if not self._yielded():
            return
        true_region, false_region = self.op.regions
        for region in (true_region, false_region):
            self.op.detach_region(region)
        made = scf.IfOp(self.op.cond, self._types_of(true_region), true_region, false_region)
        made.location = self.op.location
        home = self.op.parent_block()
        assert home is not None
        home.insert_op_before(made, self.op)
        home.erase_op(self.op)
        self.op = made

    def _yielded(self) -> list[Attribute]:
        return self._types_of(self.op.true_region)

    @staticmethod
    def _types_of(region: Region) -> list[Attribute]:
        last = region.block.last_op
        return [value.type for value in last.operands] if isinstance(last, scf.YieldOp) else []


@contextmanager
def if_(
    cond: Any, hasElse: bool = True, insert_yield: bool = True, loc: Any = None, ip: Any = None
) -> Iterator[Branch]:
    """`with if_(condition) as branch:` the core runs the body if the condition holds.

    A body that ends with `yield_([...])` gives the branch results; an `else_` must follow it.
    """
    trace = current_trace("if_")
    condition = scalar_of(cond, BOOL, what="if_")
    block = Block()
    branch = Branch(trace.emit(scf.IfOp(condition.ssa, [], Region(block))))
    opened = trace.open(block, "if_")
    yield branch
    trace.expect_innermost(opened)
    if not isinstance(block.last_op, scf.YieldOp):
        trace.emit(scf.YieldOp(), at=opened.at)
    elif block.last_op.operands:
        trace.awaits_else(opened)
    trace.close(opened)


@contextmanager
def else_(if_op: Branch, insert_yield: bool = True) -> Iterator[Branch]:
    """`with else_(branch):` the core runs the body if the condition of `branch` did not hold."""
    trace = current_trace("else_")
    op = if_op.op
    if op.false_region.blocks:
        raise DesignError(
            "a second else_ for one if_",
            at=author_line(),
            because=f"the if_ is at {source_line_of(op)}",
        )
    if op.parent_block() is not trace.innermost.block:
        raise DesignError(
            "else_ in another loop or branch than its if_",
            at=author_line(),
            because=f"the if_ is at {source_line_of(op)}",
            fix="`with else_(branch):` directly behind the body of its if_",
        )
    block = Block()
    op.false_region.add_block(block)
    trace.has_else(op.true_region.block)
    opened = trace.open(block, "else_")
    yield if_op
    if_op.close(trace, opened)


def yield_(*values: Any) -> None:
    """End a loop body with the values that the next turn carries, or a branch with its results.

    `yield_([a, b])` and `yield_(a, b)` are the same.
    """
    trace = current_trace("yield_")
    listed = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
    trace.emit(scf.YieldOp(*(_carried(value) for value in listed)))


def _carried(value: Any) -> SSAValue:
    if isinstance(value, ScalarValue | VectorValue | MemRefValue):
        return value.ssa
    if isinstance(value, Operation | SSAValue):
        return SSAValue.get(value)
    raise DesignError(
        f"a loop that carries a value of type {type(value).__name__}",
        at=author_line(),
        because="a carried value needs a type, which a Python number does not have",
        fix="arith.constant(0, np.int32) from aie.extras.dialects.arith, or an element of a buffer",
    )


def _bare(values: Sequence[SSAValue]) -> Any:
    wrapped = tuple(core_value(value) for value in values)
    return wrapped[0] if len(wrapped) == 1 else wrapped


def _end_with_yield(trace: Trace, opened: OpenBlock, carried: list[Attribute]) -> None:
    """Close a body, adding the yield that the author need not write where nothing is carried."""
    trace.expect_innermost(opened)
    last = opened.block.last_op
    if not isinstance(last, scf.YieldOp):
        if carried:
            raise DesignError(
                f"a loop that carries {len(carried)} values ends without yield_",
                at=opened.at,
                fix="yield_([...]) as the last statement of the body",
            )
        last = trace.emit(scf.YieldOp(), at=opened.at)
    yielded = [value.type for value in last.operands]
    if yielded != carried:
        raise DesignError(
            f"yield_ of ({_types(yielded)}) in a body that carries ({_types(carried)})",
            at=opened.at,
        )
    trace.close(opened)


def _types(types: Sequence[Attribute]) -> str:
    return ", ".join(str(type_) for type_ in types)
