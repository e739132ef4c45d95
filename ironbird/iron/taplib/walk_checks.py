"""The numbers of a walk: which are accepted, and how the others are refused.

The `validate_` functions are also called by programs, before they make a pattern.
"""

import math
from collections.abc import Sequence

import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.core_values import ScalarValue


def tap_error(what: str, *, because: str | None = None, fix: str | None = None) -> DesignError:
    """A refusal at the author's line."""
    return DesignError(what, at=author_line(), because=because, fix=fix)


def whole_numbers(name: str, values: Sequence[int], *, least: int) -> tuple[int, ...]:
    """`values` as integers of at least `least`; refuses anything else by `name`."""
    for value in values:
        if isinstance(value, ScalarValue):
            raise tap_error(
                f"{name} of an access pattern is {list(values)}",
                because="a pattern is made while the function is traced; the value comes later",
                fix="numbers: `for i in range(...)` in the place of `range_`",
            )
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise tap_error(
                f"{name} of an access pattern is {list(values)}",
                because=f"each must be an integer of at least {least}",
            )
    if not values:
        raise tap_error(f"{name} of an access pattern is empty", because="one at least is needed")
    return tuple(int(value) for value in values)


def validate_tensor_dims(
    tensor_dims: Sequence[int], expected_dims: int | None = None
) -> tuple[int, ...]:
    """`tensor_dims`, refused unless all are at least 1 and there are `expected_dims` of them."""
    dims = whole_numbers("tensor_dims", tensor_dims, least=1)
    _expect(dims, "tensor_dims", expected_dims)
    return dims


def validate_offset(offset: int, tensor_dims: Sequence[int] | None) -> int:
    """`offset`, refused unless it is an element of the tensor."""
    (number,) = whole_numbers("offset", (offset,), least=0)
    if tensor_dims is not None and number >= math.prod(tensor_dims):
        raise tap_error(
            f"offset {number} is outside a tensor of {list(tensor_dims)}",
            because=f"it has {math.prod(tensor_dims)} elements",
        )
    return number


def validate_and_clean_sizes_strides(
    sizes: Sequence[int] | None,
    strides: Sequence[int] | None,
    allow_none: bool = False,
    expected_dims: int | None = None,
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Both as tuples, with stride 0 where a leading dimension has one step.

    allow_none: either may be missing. expected_dims: how many there must be.
    """
    if not allow_none and (sizes is None or strides is None):
        raise tap_error("a walk needs both sizes and strides")
    checked_sizes = None if sizes is None else whole_numbers("sizes", sizes, least=1)
    checked_strides = None if strides is None else whole_numbers("strides", strides, least=0)
    for name, values in (("sizes", checked_sizes), ("strides", checked_strides)):
        if values is not None:
            _expect(values, name, expected_dims)
    if checked_sizes is None or checked_strides is None:
        return checked_sizes, checked_strides
    if len(checked_sizes) != len(checked_strides):
        raise tap_error(f"a walk has {len(checked_sizes)} sizes but {len(checked_strides)} strides")
    leading = next((i for i, size in enumerate(checked_sizes[:-1]) if size != 1), None)
    count = len(checked_sizes) - 1 if leading is None else leading
    return checked_sizes, (0,) * count + checked_strides[count:]


def _expect(values: tuple[int, ...], name: str, expected_dims: int | None) -> None:
    if expected_dims is not None and len(values) != expected_dims:
        raise tap_error(f"{name} {list(values)} has {len(values)} dimensions, not {expected_dims}")
