"""Locks: counting semaphores of a tile, and their use."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import OptionalSymbolOpInterface

from ironbird.ir import april
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, Types, print_remaining
from ironbird.ir.codes import LOCK_ACTIONS, LOCK_BLOCKINGS, Coded, LockAction, LockBlocking
from ironbird.ir.integers import Integer, as_bool, as_i32, as_text, i32
from ironbird.ir.pieces import Attributes, Maybe, Number, Operand, parse_word


@irdl_op_definition
class LockOp(FormattedOperation):
    """A semaphore of a tile. `init` is its value when the program starts."""

    name = "aie.lock"
    tile = operand_def(INDEX)
    lock_id = opt_prop_def(Integer, prop_name="lockID")
    init = opt_prop_def(Integer)
    sym_name = opt_prop_def(StringAttr)
    result = result_def(INDEX)
    traits = traits_def(OptionalSymbolOpInterface())
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("tile"),
        Maybe("lockID", (", ", Number("lockID", i32))),
        ")",
        Attributes(),
    )

    def __init__(
        self,
        tile: SSAValue | Operation,
        lock_id: int | None = None,
        init: int | None = None,
        sym_name: str | None = None,
    ) -> None:
        super().__init__(
            operands=[tile],
            properties={
                "lockID": as_i32(lock_id),
                "init": as_i32(init),
                "sym_name": as_text(sym_name),
            },
            result_types=[INDEX],
        )


@irdl_op_definition
class UseLockOp(FormattedOperation):
    """Wait for a lock and take `value` from it, or give `value` back to it."""

    name = "aie.use_lock"
    lock = operand_def(INDEX)
    value = operand_def(i32)
    action = prop_def(Coded(LOCK_ACTIONS))
    blocking = opt_prop_def(Coded(LOCK_BLOCKINGS))
    acq_en = opt_prop_def(Integer)

    def __init__(
        self,
        lock: SSAValue | Operation,
        action: LockAction | str,
        value: SSAValue | Operation,
        blocking: LockBlocking | None = None,
        acq_en: bool | None = None,
    ) -> None:
        super().__init__(
            operands=[lock, value],
            properties={
                "action": LOCK_ACTIONS.attr(action),
                "blocking": None if blocking is None else LOCK_BLOCKINGS.attr(blocking),
                "acq_en": as_bool(acq_en),
            },
        )

    @property
    def lock_action(self) -> LockAction:
        """What the operation does."""
        return LOCK_ACTIONS.word(self.action)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            Operand("lock").parse(parser, parts)
            parser.parse_characters(",")
            parts.properties["action"] = parse_word(parser, LOCK_ACTIONS, "lock action")
            parts.operands["value"] = [_parse_count(parser)]
            if parser.parse_optional_characters(",") is not None:
                parts.properties["blocking"] = parse_word(parser, LOCK_BLOCKINGS, "blocking")
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        with printer.in_parens():
            printer.print_ssa_value(self.lock)
            printer.print_string(f", {self.lock_action}, ")
            printer.print_ssa_value(self.value)
            if self.blocking is not None:
                printer.print_string(f", {LOCK_BLOCKINGS.word(self.blocking)}")
        print_remaining(printer, self, ("action", "blocking"))


def _parse_count(parser: Parser) -> SSAValue:
    """Read `, %count`, or what April wrote: `, 2`, or nothing for 1."""
    if parser.parse_optional_characters(",") is None:
        return april.constant(april.LOCK_COUNT_LEFT_OUT)
    number = parser.parse_optional_integer()
    return parser.parse_operand(i32) if number is None else april.constant(number)
