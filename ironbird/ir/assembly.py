"""Custom assembly written once: an operation's `FORMAT` both parses and prints it.

A format is a tuple of pieces in the order of the text. A plain string is text, printed as it stands
(its spaces too); the others, in `pieces.py`, stand for operands, properties, types, regions. An
operation whose text has more cases than this overrides `parse` and `print` with the same pieces.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Self, TypeAlias

from xdsl.dialects.builtin import (
    IndexType,
    UnitAttr,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import IRDLOperation, VariadicDef
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir import april

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
        for name, value in april.numbers_as_operands(cls.name, parts.attributes).items():
            parts.operands.setdefault(name, [value])
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
            for token in tokens(piece):
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
def tokens(text: str) -> tuple[str, ...]:
    """The tokens of a format's text."""
    return tuple(re.findall(r"[A-Za-z_][\w.]*|->|::|\S", text))


def _is_variadic(definitions: list[tuple[str, Any]]) -> bool:
    return len(definitions) == 1 and isinstance(definitions[0][1], VariadicDef)
