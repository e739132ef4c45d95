"""The pieces that an operation's `FORMAT` is made of: operands, properties, types, regions.

Each reads one stretch of text into the parts of an operation and writes it back. Strings between
them are text as it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir.assembly import (
    INDEX,
    FormattedOperation,
    Parts,
    Piece,
    parse_pieces,
    print_pieces,
    print_remaining,
    properties_spelled,
    tokens,
)
from ironbird.ir.codes import Codes


@dataclass(frozen=True)
class Operand(Piece):
    """One value of a type that the text leaves out."""

    name: str
    type: Attribute = INDEX

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.operands[self.name] = [parser.parse_operand(self.type)]

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_ssa_value(getattr(op, self.name))


@dataclass(frozen=True)
class Operands(Piece):
    """Any number of values of one type, with commas between."""

    name: str
    type: Attribute = INDEX

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.operands[self.name] = (
            parser.parse_optional_undelimited_comma_separated_list(
                lambda: parser.parse_optional_operand(self.type),
                lambda: parser.parse_operand(self.type),
            )
            or []
        )

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_list(getattr(op, self.name), printer.print_ssa_value)


@dataclass(frozen=True)
class TypedOperand(Piece):
    """One value with its type behind it: `%v : i32`."""

    name: str

    def parse(self, parser: Parser, parts: Parts) -> None:
        value = parser.parse_unresolved_operand()
        parser.parse_characters(":")
        parts.operands[self.name] = [parser.resolve_operand(value, parser.parse_type())]

    def print(self, printer: Printer, op: Operation) -> None:
        value: SSAValue = getattr(op, self.name)
        printer.print_ssa_value(value)
        printer.print_string(" : ")
        printer.print_attribute(value.type)


@dataclass(frozen=True)
class TypedOperands(Piece):
    """Values, a separator, then their types in the same order: `%a, %b) : i32, i32`."""

    names: tuple[str, ...]
    between: str = ") : "

    def parse(self, parser: Parser, parts: Parts) -> None:
        values = [parser.parse_unresolved_operand()]
        for _ in self.names[1:]:
            parser.parse_characters(",")
            values.append(parser.parse_unresolved_operand())
        parse_pieces(parser, (self.between,), parts)
        for position, (name, value) in enumerate(zip(self.names, values, strict=True)):
            if position:
                parser.parse_characters(",")
            parts.operands[name] = [parser.resolve_operand(value, parser.parse_type())]

    def print(self, printer: Printer, op: Operation) -> None:
        values = [getattr(op, name) for name in self.names]
        printer.print_list(values, printer.print_ssa_value)
        printer.print_string(self.between)
        printer.print_list([value.type for value in values], printer.print_attribute)


@dataclass(frozen=True)
class Number(Piece):
    """An integer property, printed without its type."""

    name: str
    type: IntegerType | IndexType

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def parse(self, parser: Parser, parts: Parts) -> None:
        start = parser.pos
        value = parser.parse_integer()
        try:
            parts.properties[self.name] = IntegerAttr(value, self.type)
        except Exception:
            parser.raise_error(f"{value} does not fit {self.type}", start, parser.pos)

    def print(self, printer: Printer, op: Operation) -> None:
        number = op.properties[self.name]
        assert isinstance(number, IntegerAttr)
        printer.print_string(str(number.value.data))


@dataclass(frozen=True)
class Word(Piece):
    """An enumerated property, printed as its word."""

    name: str
    codes: Codes[Any]

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.properties[self.name] = parse_word(parser, self.codes, self.name.replace("_", " "))

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_string(str(self.codes.word(op.properties[self.name])))


def parse_word(parser: Parser, codes: Codes[Any], meaning: str) -> Attribute:
    """Read one of the words of `codes`."""
    start = parser.pos
    text = parser.parse_identifier(f" for {meaning}")
    found = codes.find(text)
    if found is None:
        known = ", ".join(codes.words.values())
        parser.raise_error(f"unknown {meaning} {text!r}; known: {known}", start, parser.pos)
    return found


@dataclass(frozen=True)
class SymbolName(Piece):
    """The name that the operation defines: `@name`. `default` is not printed, nor its space."""

    name: str = "sym_name"
    default: str | None = None

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def parse(self, parser: Parser, parts: Parts) -> None:
        if self.default is None:
            parts.properties[self.name] = parser.parse_symbol_name()
        else:
            found = parser.parse_optional_symbol_name()
            parts.properties[self.name] = found if found is not None else StringAttr(self.default)

    def print(self, printer: Printer, op: Operation) -> None:
        symbol = op.properties[self.name]
        assert isinstance(symbol, StringAttr)
        if symbol.data == self.default:
            return
        if self.default is not None:
            printer.print_string(" ")
        printer.print_symbol_name(symbol.data)


@dataclass(frozen=True)
class Reference(Piece):
    """The name of another operation: `@name`."""

    name: str

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.properties[self.name] = SymbolRefAttr(parser.parse_symbol_name())

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_attribute(op.properties[self.name])


@dataclass(frozen=True)
class Value(Piece):
    """A property of any kind, read and printed by `parse_value` and `print_value`."""

    name: str
    parse_value: Callable[[Parser], Attribute]
    print_value: Callable[[Printer, Attribute], None]

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.properties[self.name] = self.parse_value(parser)

    def print(self, printer: Printer, op: Operation) -> None:
        self.print_value(printer, op.properties[self.name])


@dataclass(frozen=True)
class Text(Piece):
    """A string property in quotes."""

    name: str

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.name,)

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.properties[self.name] = StringAttr(parser.parse_str_literal())

    def print(self, printer: Printer, op: Operation) -> None:
        text = op.properties[self.name]
        assert isinstance(text, StringAttr)
        printer.print_string_literal(text.data)


@dataclass(frozen=True)
class Maybe(Piece):
    """Pieces that are there when the property or operand `name` is; the first one is a string."""

    name: str
    pieces: tuple[str | Piece, ...]

    @property
    def properties(self) -> tuple[str, ...]:  # type: ignore[override]
        return properties_spelled(self.pieces)

    def parse(self, parser: Parser, parts: Parts) -> None:
        opening = self.pieces[0]
        assert isinstance(opening, str)
        first, *others = tokens(opening)
        if parser.parse_optional_characters(first) is None:
            return
        for token in others:
            parser.parse_characters(token)
        parse_pieces(parser, self.pieces[1:], parts)

    def print(self, printer: Printer, op: Operation) -> None:
        if self.name in op.properties or getattr(op, self.name, None) is not None:
            print_pieces(printer, self.pieces, op)


@dataclass(frozen=True)
class ResultType(Piece):
    """The type of the operation's one result."""

    def parse(self, parser: Parser, parts: Parts) -> None:
        parts.result_types.append(parser.parse_type())

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_attribute(op.results[0].type)


@dataclass(frozen=True)
class Successors(Piece):
    """Blocks that control may pass to, with commas between."""

    count: int

    def parse(self, parser: Parser, parts: Parts) -> None:
        for position in range(self.count):
            if position:
                parser.parse_characters(",")
            parts.successors.append(parser.parse_successor())

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_list(op.successors, printer.print_block_name)


@dataclass(frozen=True)
class Body(Piece):
    """A region without block arguments. `end` makes the terminator that the text leaves out."""

    end: Callable[[], Operation] | None = None

    def parse(self, parser: Parser, parts: Parts) -> None:
        region = parser.parse_region()
        if region.first_block is None:
            region.add_block(Block())
        last = region.blocks.last
        assert last is not None
        if self.end is not None and not (
            last.last_op is not None and last.last_op.name == "aie.end"
        ):
            last.add_op(self.end())
        parts.regions.append(region)

    def print(self, printer: Printer, op: Operation) -> None:
        printer.print_region(
            op.regions[0],
            print_empty_block=False,
            print_block_terminators=self.end is None,
        )


@dataclass(frozen=True)
class Attributes(Piece):
    """The dictionary of what no other piece of the operation spells, sorted by name."""

    keyword: str = ""
    spelled_elsewhere: tuple[str, ...] = ()

    def parse(self, parser: Parser, parts: Parts) -> None:
        if self.keyword and parser.parse_optional_characters(self.keyword) is None:
            return
        for name, value in parser.parse_optional_attr_dict().items():
            parts.attributes[name] = value

    def print(self, printer: Printer, op: Operation) -> None:
        print_remaining(
            printer, op, {*_spelled_by(type(op)), *self.spelled_elsewhere}, keyword=self.keyword
        )


@cache
def _spelled_by(cls: type[FormattedOperation]) -> frozenset[str]:
    return frozenset(properties_spelled(cls.FORMAT))
