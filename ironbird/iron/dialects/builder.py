"""A builder called with arguments it does not take: refused at the author's line, with its own."""

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line

P = ParamSpec("P")
R = TypeVar("R")


def builder(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, whose calls are checked against its parameters first; or an `__init__`."""
    signature = inspect.signature(function)
    called = function.__qualname__.removesuffix(".__init__")

    @functools.wraps(function)
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            signature.bind(*arguments, **options)
        except TypeError as mismatch:
            raise _refusal(called, signature, options, str(mismatch)) from None
        if options.get("ip") is not None:
            raise DesignError(
                f"{called}(ip=...)",
                at=author_line(),
                because="an operation goes to the end of the block that is being built",
                fix="with InsertionPoint(block):",
            )
        return function(*arguments, **options)

    return call


def _refusal(
    called: str, signature: inspect.Signature, options: dict[str, object], mismatch: str
) -> DesignError:
    names = [each for each in signature.parameters if each not in ("self", "loc", "ip")]
    unknown = [each for each in options if each not in signature.parameters]
    near = [difflib.get_close_matches(each, names, n=1) for each in unknown]
    return DesignError(
        f"{called}() {mismatch}",
        at=author_line(),
        because=f"it takes {', '.join(names)}",
        fix=f"{near[0][0]}=" if near and near[0] else None,
    )
