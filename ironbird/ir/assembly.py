"""Custom assembly written once: an operation's `FORMAT` both parses and prints it.

A format is a tuple of pieces in the order of the text. A plain string is text, printed as it stands
(its spaces too); the other pieces below stand for operands, properties, types and regions. An
operation whose text has more cases than this overrides `parse` and `print` with the same pieces.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Self, TypeAlias

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import IRDLOperation, VariadicDef
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir.codes import Codes

INDEX = IndexType()

Format: TypeAlias = "tuple[str | Piece, ...]"
Types: TypeAlias = tuple[Attribute, ...]


@dataclass
class Parts:
    """What has been read of one operation so far, by the names of its definition."""

    operands: dict[str, list[SSAValue]] = field(default_factory=dict)
    properties: dict[str, Attribute] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    result_types: list[Attribute] = field(default_factory=list)
    successors: list[Block] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)


class Piece(ABC):
    """One stretch of an operation's text. `properties` are those it spells."""

    properties: tuple[str, ...] = ()

    @abstractmethod
    def parse(self, parser: Parser, parts: Parts) -> None:
        """Read the piece into `parts`."""

    @abstractmethod
    def print(self, printer: Printer, op: Operation) -> None:
        """Write the piece of `op`."""


class FormattedOperation(IRDLOperation, ABC):
    """An operation with a `FORMAT`. `RESULT_TYPES` are those that the text leaves out."""

    FORMAT: ClassVar[Format]
    RESULT_TYPES: ClassVar[Types] = ()

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        parse_pieces(parser, cls.FORMAT, parts)
        return cls.from_parts(parts)

    @classmethod
    def from_parts(cls, parts: Parts) -> Self:
        """The operation that `parts` describe."""
        definition = cls.get_irdl_definition()
        for name in definition.properties.keys() & parts.attributes.keys():
            parts.properties[name] = parts.attributes.pop(name)
        return cls.build(
            operands=[parts.operands.get(name, []) for name, _ in definition.operands],
            properties=parts.properties,
            attributes=parts.attributes,
            result_types=cls._grouped([*parts.result_types, *cls.RESULT_TYPES]),
            successors=parts.successors,
            regions=[parts.regions] if _is_variadic(definition.regions) else parts.regions,
        )

    @classmethod
    def _grouped(cls, types: list[Attribute]) -> list[Attribute | list[Attribute]]:
        variadic = _is_variadic(cls.get_irdl_definition().results)
        return [types] if variadic else list(types)

    def print(self, printer: Printer) -> None:
        print_pieces(printer, self.FORMAT, self)


def parse_pieces(parser: Parser, pieces: Iterable[str | Piece], parts: Parts) -> None:
    """Read pieces one after the other."""
    for piece in pieces:
        if isinstance(piece, str):
            for token in _tokens(piece):
                parser.parse_characters(token)
        else:
            piece.parse(parser, parts)


def print_pieces(printer: Printer, pieces: Iterable[str | Piece], op: Operation) -> None:
    """Write pieces one after the other."""
    for piece in pieces:
        if isinstance(piece, str):
            printer.print_string(piece)
        else:
            piece.print(printer, op)


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
        first, *others = _tokens(opening)
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


def print_remaining(
    printer: Printer, op: Operation, spelled: Iterable[str], *, keyword: str = ""
) -> None:
    """Print ` {...}` with the attributes and properties that are not in `spelled`.

    A property that has its default value is not printed either.
    """
    definition = type(op).get_irdl_definition() if isinstance(op, IRDLOperation) else None
    hidden = {*spelled, "operandSegmentSizes"}
    shown: dict[str, Attribute] = {}
    for name, value in (op.attributes | op.properties).items():
        if name in hidden:
            continue
        declared = definition.properties.get(name) if definition is not None else None
        if declared is not None and declared.default_value == value:
            continue
        shown[name] = value
    if not shown:
        return
    printer.print_string(f" {keyword} " if keyword else " ")
    print_dictionary(printer, shown)


def print_dictionary(printer: Printer, entries: dict[str, Attribute]) -> None:
    """Print `{a = 1 : i32, b}` sorted by name."""
    printer.print_string("{")
    for position, name in enumerate(sorted(entries)):
        if position:
            printer.print_string(", ")
        printer.print_identifier_or_string_literal(name)
        if not isinstance(entries[name], UnitAttr):
            printer.print_string(" = ")
            printer.print_attribute(entries[name])
    printer.print_string("}")


def properties_spelled(pieces: Iterable[str | Piece]) -> tuple[str, ...]:
    """The properties that some piece prints outside the dictionary."""
    return tuple(name for piece in pieces if isinstance(piece, Piece) for name in piece.properties)


@cache
def _spelled_by(cls: type[FormattedOperation]) -> frozenset[str]:
    return frozenset(properties_spelled(cls.FORMAT))


@cache
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Za-z_][\w.]*|->|::|\S", text))


def _is_variadic(definitions: list[tuple[str, Any]]) -> bool:
    return len(definitions) == 1 and isinstance(definitions[0][1], VariadicDef)
