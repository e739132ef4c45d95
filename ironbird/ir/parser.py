"""Text to operations, each with the line and column of the text in its location.

Refuses, as a `DesignError` at that line and column, what is not MLIR and what no dialect knows.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import TypeVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, UnknownLoc
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.parser import Parser, ParserState, UnresolvedOperand
from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Input
from xdsl.utils.mlir_lexer import MLIRTokenKind

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir import april
from ironbird.ir.lexer import LinearLexer
from ironbird.ir.locations import location_of
from ironbird.ir.upstream.dialects import PARSERS
from ironbird.ir.upstream.generic_forms import as_compact

AttributeInvT = TypeVar("AttributeInvT", bound=Attribute)
_NAMED_LOCATION = re.compile(r"^#[\w.$-]+[ \t]*=[ \t]*loc\(.*\)[ \t]*$", re.MULTILINE)


def parse_module(text: str, filename: str = "<string>") -> ModuleOp:
    """The module that `text` describes. It is not verified yet; see `verify_module`."""
    from ironbird.ir.context import context

    parser = LocatingParser(context(), "", filename)
    try:
        parser.start(text)
        return parser.parse_module()
    except ParseError as error:
        parser.raise_undefined()
        if not text[error.span.start :].strip():
            raise DesignError(
                "the text ends where an operation is not finished"
                if re.sub(r"//.*", "", text).strip()
                else "the text holds no operation",
                at=parser.line_at(error.span.start),
            ) from error
        span = error.span
        raise DesignError(_first_line(str(error.msg)), at=parser.line_at(span.start)) from error
    except RecursionError:
        raise DesignError(
            "the module nests too deeply to be read", at=parser.line_at(parser.pos)
        ) from None
    except Exception as error:
        # xDSL lets through what its attributes raise about values they cannot hold.
        raise DesignError(
            f"this cannot be read: {_first_line(str(error))}", at=parser.line_at(parser.pos)
        ) from error


class LocatingParser(Parser):
    """xDSL's parser, with locations and with the spellings of MLIR that xDSL's lacks."""

    def __init__(self, ctx: Context, text: str, filename: str) -> None:
        super().__init__(ctx, "", filename)
        self._filename = filename
        self._first_uses: dict[str, int] = {}
        self._line_starts = [0]
        self.start(text)

    def start(self, text: str) -> None:
        """Begin to read `text`. Raises ParseError if it does not start with a token."""
        self._line_starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
        if _NAMED_LOCATION.search(text) is not None:
            text = self._name_locations(text)
        self._read_from(text)

    def _read_from(self, text: str) -> None:
        self._parser_state = ParserState(LinearLexer(Input(text, self._filename)))

    def _name_locations(self, text: str) -> str:
        """Read the definitions of named locations, which MLIR prints behind their uses.

        Returns the text with blanks in their places.
        """
        self._read_from("".join(map(_blank_unless(_NAMED_LOCATION), text.splitlines(True))))
        while self._current_token.kind is MLIRTokenKind.HASH_IDENT:
            self._parse_alias_def()  # type: ignore[no-untyped-call]
        return _NAMED_LOCATION.sub(lambda found: " " * len(found[0]), text)

    def resolve_operand(
        self, operand: UnresolvedOperand, type: AttributeInvT
    ) -> SSAValue[AttributeInvT]:
        if operand.operand_name not in self.ssa_values:
            self._first_uses.setdefault(operand.operand_name, operand.span.start)
        return super().resolve_operand(operand, type)

    def raise_undefined(self) -> None:
        """Refuse, where it is used, the first value that the whole text never defines."""
        if self._current_token.kind is not MLIRTokenKind.EOF:
            return
        for name in self.forward_ssa_references:
            raise DesignError(
                f"value %{name} is used but never defined",
                at=self.line_at(self._first_uses[name]),
            )

    def line_at(self, position: int) -> SourceLine:
        """The line and column of a position in the text."""
        line = bisect_right(self._line_starts, position)
        return SourceLine(self._filename, line, position - self._line_starts[line - 1] + 1)

    def _parse_block_body(self, block: Block) -> None:
        while (op := self.parse_optional_operation()) is not None:
            for constant in april.constants_read_with(op):
                constant.location = op.location
                block.add_op(constant)
            block.add_op(op)

    def parse_operation(self) -> Operation:
        results = self._parse_op_result_list()
        start = self.pos
        try:
            op = self._parse_named_operation(start)
        except april.NotInAugust as error:
            self.raise_error(str(error), start, start)
        written = self.parse_optional_location()
        if written is not None:
            op.location = written
        elif isinstance(op.location, UnknownLoc):
            op.location = location_of(self.line_at(start))

        bound_count = sum(count for _, count in results)
        if bound_count and bound_count != len(op.results):
            self.raise_error(
                f"'{op.name}' has {len(op.results)} results, but {bound_count} names", start, start
            )
        first = 0
        for name_span, count in results:
            self._register_ssa_definition(
                name_span.text[1:], op.results[first : first + count], name_span
            )
            first += count
        return op

    def _parse_named_operation(self, start: int) -> Operation:
        """An operation from its name on, which is at `start`."""
        name_token = self._parse_optional_token(MLIRTokenKind.BARE_IDENT)
        if name_token is not None:
            op_type = self._op_named(name_token.text, start)
            self._parser_state.dialect_stack.append(op_type.dialect_name())
            parse = PARSERS.get(op_type.name)
            op = op_type.parse(self) if parse is None else parse(self)
        else:
            name = self.expect(self.parse_optional_str_literal, "operation name expected")
            op_type = self._op_named(name, start)
            self._parser_state.dialect_stack.append(op_type.dialect_name())
            op = as_compact(april.as_august(self._parse_generic_operation(op_type)))
        self._parser_state.dialect_stack.pop()
        if op.name in april.DMA_PROGRAMS:
            april.give_padding_to_channels(op)
        return op

    def _op_named(self, name: str, start: int) -> type[Operation]:
        op_type = self.ctx.get_optional_op(name, dialect_stack=self._parser_state.dialect_stack)
        if op_type is None:
            self.raise_error(f"operation '{name}' is not known", start, start + len(name))
        return op_type


def _blank_unless(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """A line as it is if the pattern finds something in it, else as many blanks."""
    return lambda line: line if pattern.search(line) else " " * (len(line) - 1) + "\n"


def _first_line(message: str) -> str:
    return message.strip().splitlines()[0] if message.strip() else "not MLIR"
