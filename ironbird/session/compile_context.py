"""Compile-time values that code called by a generator can ask for by name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line

_VALUES: ContextVar[Mapping[str, Any] | None] = ContextVar("compile_time_values", default=None)
_NOTHING = object()


@contextmanager
def compile_context(**values: Any) -> Iterator[None]:
    """While the block runs, `get_compile_arg` finds `values`, and those of contexts around it."""
    token = _VALUES.set({**(_VALUES.get() or {}), **values})
    try:
        yield
    finally:
        _VALUES.reset(token)


def get_compile_arg(name: str, default: Any = _NOTHING) -> Any:
    """The compile-time value called `name`. Raises DesignError if there is none and no default."""
    values = _VALUES.get() or {}
    if name in values:
        return values[name]
    if default is not _NOTHING:
        return default
    raise DesignError(
        f"there is no compile-time value {name!r}",
        at=author_line(),
        because=f"there are {', '.join(sorted(values))}"
        if values
        else "no design is being compiled",
        fix=f"pass {name}=... to the design, or to compile_context",
    )
