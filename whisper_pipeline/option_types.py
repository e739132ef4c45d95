"""Whether the fields of a dataclass of options hold what their annotations say.

Options come from programs, too, where a '5' would pass for a 5 until deep in a transcription.
"""

from collections.abc import Sequence
from dataclasses import fields
from numbers import Integral, Real
from types import UnionType
from typing import Any, get_args, get_origin

import numpy as np

from ironbird.base.errors import UsageError


def refuse_wrong_types(options: Any) -> None:
    """Raises UsageError for the first field whose value is not of its annotated type.

    numpy's numbers pass for Python's; a truth value is no number.
    """
    for field in fields(options):
        value = getattr(options, field.name)
        if not _fits(value, field.type):
            kinds = get_args(field.type) if isinstance(field.type, UnionType) else (field.type,)
            raise UsageError(
                f"{field.name}={value!r} is not of type {' or '.join(map(_name_of, kinds))}"
            )


def _fits(value: Any, expected: Any) -> bool:
    if isinstance(expected, UnionType):
        return any(_fits(value, each) for each in get_args(expected))
    if get_origin(expected) is Sequence:
        (element,) = get_args(expected)
        is_sequence = isinstance(value, Sequence) and not isinstance(value, str)
        return is_sequence and all(_fits(each, element) for each in value)
    if expected is float:
        return isinstance(value, Real) and not isinstance(value, bool)
    if expected is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    if expected is bool:
        return isinstance(value, bool | np.bool_)
    return isinstance(value, expected)


def _name_of(kind: Any) -> str:
    if get_origin(kind) is Sequence:
        return f"a sequence of {_name_of(get_args(kind)[0])}"
    return "None" if kind is type(None) else str(kind.__name__)
