"""Names that upstream has and the embedded `aie` has not: importing one says so.

A module of `ironbird/embedded/aie` sets `__getattr__ = absent(__name__, [...])`.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def absent(
    module: str, names: Iterable[str] = (), later: Mapping[str, str] | None = None
) -> Callable[[str], Any]:
    """A module's `__getattr__`.

    names: what upstream has there and we have not. later: where a name is imported from at its
    first use, because importing it at once would cost time.
    """
    missing = frozenset(names)
    sources = dict(later or {})

    def lookup(name: str) -> Any:
        if name in sources:
            return getattr(import_module(sources[name]), name)
        if name in missing:
            raise ImportError(
                f"{module}.{name} exists upstream, but not in the embedded IRON of ironbird",
                name=name,
            )
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return lookup
