"""What the names of kernels and object files say about their source.

A jit puts a hash before the symbols and the object file of each kernel that it compiles
(`1f0c6a52_scale`), so that two versions of one kernel can be linked; the source knows the name
without it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_HASHED = re.compile(r"(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})_(?P<name>\w.*)")
_LINE_COMMENT = re.compile(r"//[^\n]*")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def without_hash(name: str) -> str:
    """A symbol or a file's name without the hash in front of it, if there is one."""
    hashed = _HASHED.fullmatch(name)
    return hashed["name"] if hashed is not None else name


def source_names(object_file: str) -> tuple[str, ...]:
    """`scale.o` may come from scale.cc, scale.cpp, or a file that is called scale."""
    path = Path(object_file)
    stem = path.name.removesuffix(path.suffix) if path.suffix in (".o", ".a") else path.name
    stems = dict.fromkeys((stem, without_hash(stem)))
    return tuple(name for each in stems for name in (f"{each}.cc", f"{each}.cpp", each))


def defines_function(text: str, symbol: str) -> bool:
    """Whether C++ `text` has a body for a function called `symbol`, as written, not by a macro."""
    plain = _BLOCK_COMMENT.sub(" ", _LINE_COMMENT.sub("", text))
    return re.search(rf"\b{re.escape(symbol)}\s*\([^;{{}}]*\)\s*{{", plain) is not None


@dataclass(frozen=True)
class Renaming:
    """How the function `plain` of a source gets the hashed name `symbol` that it is called by."""

    plain: str
    symbol: str

    @property
    def _written(self) -> str:
        """The name in C++, which no digit may begin."""
        return f"_{self.symbol}" if self.symbol[0].isdigit() else self.symbol

    @property
    def flag(self) -> str:
        """For the compiler."""
        return f"-D{self.plain}={self._written}"

    @property
    def alias(self) -> str:
        """A line of C++ for a symbol that C++ itself cannot spell; empty for others."""
        if self._written == self.symbol:
            return ""
        quoted = f'\\"{self.symbol}\\"'
        return f'__asm__(".globl {quoted}\\n.set {quoted}, {self._written}\\n");\n'


def renaming(text: str, symbol: str) -> Renaming | None:
    """What the source `text` lacks to define `symbol`; None if it knows that name."""
    plain = without_hash(symbol)
    if plain == symbol or re.search(rf"\b{re.escape(symbol)}\b", text) is not None:
        return None
    return Renaming(plain, symbol)
