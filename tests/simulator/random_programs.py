"""Random programs of core code, each with what numpy makes of it.

An `Expression` writes itself as operations and computes itself with numpy: integers wrap, bf16 and
f16 are computed in f32 and rounded once. It avoids what MLIR leaves undefined: divisors are 1 to 8,
amounts of shifts are masked.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from simulator.plan_parts import I1, I32, INDEX, ProgramWriter

from ironbird.base.element_types import ElementType

Numbers = np.ndarray
Names = Mapping[str, Any]


@dataclass(frozen=True)
class Expression:
    """emit: the value's number, given those of names. compute: its lanes, given those of names."""

    emit: Callable[[ProgramWriter, Names], int]
    compute: Callable[[Names], Numbers]


def random_program(element: ElementType, seed: int) -> Expression:
    """A program over `a` and `b`, different for every seed."""
    return _Maker(element, random.Random(f"{element.name} {seed}")).statement(("a", "b"), depth=3)


class _Maker:
    def __init__(self, element: ElementType, choice: random.Random) -> None:
        self.element = element
        self.choice = choice
        self.dtype = element.dtype
        self.wide = np.float64 if element.name == "f64" else np.float32

    def statement(self, names: tuple[str, ...], depth: int) -> Expression:
        """A loop, a branch or an expression."""
        if depth == 0:
            return self.expression(names, 2)
        kind = self.choice.choice(["loop", "if", "switch", "expression", "expression"])
        return getattr(self, f"_{kind}")(names, depth)

    def _expression(self, names: tuple[str, ...], depth: int) -> Expression:
        return self.expression(names, depth + 1)

    def expression(self, names: tuple[str, ...], depth: int) -> Expression:
        """Straight-line code over `names`."""
        if depth == 0:
            return (
                self._name(self.choice.choice(names))
                if self.choice.random() < 0.8
                else self._constant()
            )
        left, right = self.expression(names, depth - 1), self.expression(names, depth - 1)
        if self.choice.random() < 0.15:
            return self._select(left, right, self.choice.choice(names))
        return self._float(left, right) if self.element.is_float else self._integer(left, right)

    def _name(self, name: str) -> Expression:
        return Expression(lambda writer, values: values[name], lambda lanes: lanes[name])

    def _constant(self) -> Expression:
        number = self.choice.randint(-9, 9)
        value = float(number) if self.element.is_float else number
        return Expression(
            lambda writer, values: writer.constant(value, self.element),
            lambda lanes: np.full_like(lanes["a"], number),
        )

    def _operation(
        self, name: str, compute: Callable[..., Numbers], *operands: Expression, result=None
    ) -> Expression:
        return Expression(
            lambda writer, values: writer.op(
                name, [each.emit(writer, values) for each in operands], result or self.element
            ),
            lambda lanes: compute(*(each.compute(lanes) for each in operands)),
        )

    def _integer(self, left: Expression, right: Expression) -> Expression:
        name = self.choice.choice(sorted(_INTEGER))
        if name in _DIVISIONS:
            right = self._masked(right, 7, plus=1)
        if name in ("shli", "shrsi"):
            right = self._masked(right, self.dtype.itemsize * 8 - 1)
        return self._operation(f"arith.{name}", _INTEGER[name], left, right)

    def _masked(self, value: Expression, mask: int, plus: int = 0) -> Expression:
        def emit(writer: ProgramWriter, values: Names) -> int:
            masked = writer.op(
                "arith.andi",
                (value.emit(writer, values), writer.constant(mask, self.element)),
                self.element,
            )
            more = writer.constant(plus, self.element)
            return writer.op("arith.addi", (masked, more), self.element)

        return Expression(
            emit,
            lambda lanes: (value.compute(lanes) & self.dtype.type(mask)) + self.dtype.type(plus),
        )

    def _float(self, left: Expression, right: Expression) -> Expression:
        name = self.choice.choice(sorted(_FLOAT))

        def compute(a: Numbers, b: Numbers) -> Numbers:
            return _FLOAT[name](a.astype(self.wide), b.astype(self.wide)).astype(self.dtype)

        return self._operation(f"arith.{name}", compute, left, right)

    def _condition(self, left: Expression, right: Expression) -> Expression:
        word = self.choice.choice(["lt", "ge", "eq", "ne"])
        compare = {"lt": np.less, "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal}[word]
        if self.element.is_float:
            name, predicate = "arith.cmpf", "une" if word == "ne" else f"o{word}"
        else:
            name, predicate = "arith.cmpi", word if word in ("eq", "ne") else f"s{word}"
        return Expression(
            lambda writer, values: writer.op(
                name,
                (left.emit(writer, values), right.emit(writer, values)),
                I1,
                predicate=predicate,
            ),
            lambda lanes: compare(left.compute(lanes), right.compute(lanes)),
        )

    def _select(self, left: Expression, right: Expression, name: str) -> Expression:
        condition = self._condition(self._name(name), right)

        def emit(writer: ProgramWriter, values: Names) -> int:
            operands = [each.emit(writer, values) for each in (condition, left, right)]
            return writer.op("arith.select", operands, self.element)

        return Expression(
            emit,
            lambda lanes: np.where(
                condition.compute(lanes), left.compute(lanes), right.compute(lanes)
            ),
        )

    def _if(self, names: tuple[str, ...], depth: int) -> Expression:
        condition = self._condition(self.expression(names, 1), self.expression(names, 1))
        sides = [self.statement(names, depth - 1) for _ in range(2)]

        def emit(writer: ProgramWriter, values: Names) -> int:
            chosen = condition.emit(writer, values)
            regions = [_yielding(writer, side, values) for side in sides]
            return writer.many("scf.if", (chosen,), (self.element,), regions=regions)[0]

        return Expression(
            emit,
            lambda lanes: np.where(
                condition.compute(lanes), *(side.compute(lanes) for side in sides)
            ),
        )

    def _switch(self, names: tuple[str, ...], depth: int) -> Expression:
        """On a constant of the program, as the rotation of a fifo's objects does."""
        cases = [self.statement(names, depth - 1) for _ in range(3)]
        flag = self.choice.randint(0, 3)

        def emit(writer: ProgramWriter, values: Names) -> int:
            number = writer.constant(flag)
            regions = [_yielding(writer, each, values) for each in cases]
            return writer.many(
                "scf.index_switch", (number,), (self.element,), regions=regions, cases=(1, 2)
            )[0]

        return Expression(emit, lambda lanes: cases[flag if flag in (1, 2) else 0].compute(lanes))

    def _loop(self, names: tuple[str, ...], depth: int) -> Expression:
        start, body = self.expression(names, 1), self.statement((*names, "sum", "i"), depth - 1)
        low, high, step = (
            self.choice.randint(-3, 2),
            self.choice.randint(0, 5),
            self.choice.randint(1, 3),
        )

        def emit(writer: ProgramWriter, values: Names) -> int:
            bounds = [writer.constant(each) for each in (low, high, step)]
            carried = start.emit(writer, values)

            def turn(index: int, total: int) -> None:
                inside = {**values, "sum": total, "i": self._counted(writer, index)}
                writer.op("scf.yield", (body.emit(writer, inside),))

            region = writer.region(turn, (INDEX, self.element))
            return writer.many("scf.for", (*bounds, carried), (self.element,), regions=[region])[0]

        def compute(lanes: Names) -> Numbers:
            total = start.compute(lanes)
            for i in range(low, high, step):
                counter = np.full_like(lanes["a"], i)
                total = body.compute({**lanes, "sum": total, "i": counter})
            return total

        return Expression(emit, compute)

    def _counted(self, writer: ProgramWriter, index: int) -> int:
        """A loop's counter as an element."""
        if not self.element.is_float:
            return writer.op("arith.index_cast", (index,), self.element)
        whole = writer.op("arith.index_cast", (index,), I32)
        return writer.op("arith.sitofp", (whole,), self.element)


def _yielding(writer: ProgramWriter, expression: Expression, values: Names):
    return writer.region(lambda: writer.op("scf.yield", (expression.emit(writer, values),)))


def _quotient(a: Numbers, b: Numbers) -> Numbers:
    """Towards zero; b is positive."""
    return a // b + ((a % b != 0) & (a < 0)).astype(a.dtype)


_DIVISIONS = ("divsi", "remsi", "floordivsi", "ceildivsi")
_INTEGER = {
    "addi": np.add,
    "subi": np.subtract,
    "muli": np.multiply,
    "divsi": _quotient,
    "remsi": lambda a, b: a - _quotient(a, b) * b,
    "floordivsi": np.floor_divide,
    "ceildivsi": lambda a, b: a // b + (a % b != 0).astype(a.dtype),
    "andi": np.bitwise_and,
    "ori": np.bitwise_or,
    "xori": np.bitwise_xor,
    "shli": np.left_shift,
    "shrsi": np.right_shift,
    "minsi": np.minimum,
    "maxsi": np.maximum,
}
_FLOAT = {"addf": np.add, "subf": np.subtract, "mulf": np.multiply, "divf": np.divide}
