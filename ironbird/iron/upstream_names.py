"""Names that upstream has and the embedded `aie` has not: importing one says so.

A module of `ironbird/embedded/aie` sets `__getattr__ = absent(__name__, [...])`.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from ironbird.base.absent_names import why_absent


class AbsentNameError(ImportError):
    """An import of a name that upstream has and the embedded `aie` has not."""


def absent(
    module: str,
    names: Iterable[str] | Mapping[str, str] = (),
    later: Mapping[str, str] | None = None,
    instead: str | None = None,
) -> Callable[[str], Any]:
    """A module's `__getattr__`.

    names: what upstream has there and we have not, with what to use instead of each, or with one
    `instead` for all of them.
    later: where a name is imported from at its first use, because importing it at once would cost
    time; a submodule, from its own path.
    """
    missing = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, instead)
    sources = dict(later or {})

    def lookup(name: str) -> Any:
        if name in sources:
            source = import_module(sources[name])
            return source if sources[name] == f"{module}.{name}" else getattr(source, name)
        if name in missing:
            raise AbsentNameError(why_absent(f"{module}.{name}", missing[name]), name=name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return lookup
