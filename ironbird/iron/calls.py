"""The arguments that a Worker or a Runtime calls an author's function with."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine


def flattened(arguments: Sequence[Any]) -> Iterator[Any]:
    """The arguments with nested lists and tuples opened."""
    for argument in arguments:
        if isinstance(argument, list | tuple):
            yield from flattened(argument)
        else:
            yield argument


def refuse_wrong_count(
    function: Callable[..., Any], arguments: Sequence[Any], *, of: str, at: SourceLine
) -> None:
    """Refuse `arguments` that `function` cannot be called with; `of` names who would call it."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # Some callables of C have no signature; calling them tells.
    try:
        signature.bind(*arguments)
    except TypeError as mismatch:
        raise DesignError(
            f"{of} has {len(arguments)} fn_args",
            at=at,
            because=f"the function is {function_name(function)}{signature}: {mismatch}",
            fix="one entry of fn_args for each parameter",
        ) from None


def function_name(function: Callable[..., Any] | None) -> str:
    """The name of a function; that of its class for an object that is called."""
    if function is None:
        return "None"
    return getattr(function, "__name__", type(function).__name__)
