"""Which line of the author's program made an object.

Every object an author creates remembers where, so that an error found much later can name it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import numpy as np

OUR_PACKAGE = Path(__file__).resolve().parent.parent
NUMPY_PACKAGE = Path(np.__file__).parent


@dataclass(frozen=True, order=True)
class SourceLine:
    """A place in a file. Lines and columns count from 1; column 0 means the whole line."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        """`file:line`, with the file relative to the working directory where it lies below it."""
        path = Path(self.file)
        try:
            shown = path.relative_to(Path.cwd())
        except ValueError:
            shown = path
        return f"{shown}:{self.line}" + (f":{self.column}" if self.column else "")


_written: ContextVar[tuple[FrameType, SourceLine] | None] = ContextVar(
    "ironbird_written_at", default=None
)


@contextmanager
def written_at(line: SourceLine) -> Iterator[None]:
    """What this block calls was asked for at `line`, and is only carried out here."""
    token = _written.set((sys._getframe(2), line))  # past this function and contextlib
    try:
        yield
    finally:
        _written.reset(token)


def author_line() -> SourceLine:
    """The innermost line on the stack that is not part of `ironbird`.

    Where the whole stack is ours, the outermost line.
    """
    frame: FrameType | None = sys._getframe(1)
    carried_out, line = _written.get() or (None, None)
    outermost = frame
    while frame is not None:
        outermost = frame
        if frame is carried_out and line is not None:
            return line
        if not is_ours(frame.f_code.co_filename):
            return SourceLine(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    assert outermost is not None
    return SourceLine(outermost.f_code.co_filename, outermost.f_lineno)


def is_ours(filename: str) -> bool:
    """Whether a frame is of the package, or of numpy or the import and context machinery."""
    inside = (f"{OUR_PACKAGE}/", f"{NUMPY_PACKAGE}/", "<frozen", "<string>")
    return filename.startswith(inside) or filename.endswith("/contextlib.py")
