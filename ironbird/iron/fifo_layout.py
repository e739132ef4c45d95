"""Layouts of a fifo's objects: the order in which a DMA sends or stores the elements of one."""

from typing import Any

from ironbird.base.access_pattern import DescriptorLimits, why_not_one_descriptor
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.iron.array_types import ArrayType
from ironbird.iron.taplib.pattern import TensorAccessPattern

Pairs = list[tuple[int, int]]


def checked_layout(tap: Any, of: str, argument: str) -> TensorAccessPattern | None:
    """`tap` as given to `argument` of `of`; refuses lists, the form of IRON before 1.4.4."""
    if tap is None or isinstance(tap, TensorAccessPattern):
        if tap is not None and tap.offset:
            raise DesignError(
                f"{argument} of {of} starts at element {tap.offset}",
                at=author_line(),
                because="a layout walks over the whole object, from its first element",
                fix="a pattern with offset 0",
            )
        return tap
    raise DesignError(
        f"{argument} of {of} is a {type(tap).__name__}, not a TensorAccessPattern",
        at=author_line(),
        because="IRON 1.4.4 replaced lists of (size, stride)",
        fix=_as_pattern(tap),
    )


def refuse_layout_outside(
    tap: TensorAccessPattern | None, array: ArrayType, of: str, argument: str, at: SourceLine
) -> None:
    """Refuse a layout that does not walk over one object of type `array`."""
    if tap is None:
        return
    count = 1
    for size in tap.padded_sizes:
        count *= size
    if count != array.element_count:
        raise DesignError(
            f"{argument} of {of} visits {count} elements",
            at=at,
            because=f"an object of {array} has {array.element_count}"
            + (", zeros counted" if tap.padding is not None else ""),
        )
    if tap.padding is not None:
        return
    _, highest = tap.pattern.bounds()
    if highest >= array.element_count:
        raise DesignError(
            f"{argument} of {of} reaches element {highest}",
            at=at,
            because=f"an object of {array} ends at {array.element_count - 1}",
        )


def refuse_undescribable(
    tap: TensorAccessPattern | None,
    array: ArrayType,
    limits: DescriptorLimits,
    *,
    of: str,
    argument: str,
    at: SourceLine,
) -> None:
    """Refuse a layout that one descriptor of the tile cannot hold, such as a sub-word stride."""
    if tap is None:
        return
    why = why_not_one_descriptor(tap.pattern, array.element.bytes, limits)
    if why is not None:
        raise DesignError(
            f"{argument} of {of} is not one buffer descriptor",
            at=at,
            because=f"{why} ({array.element} elements, sizes {list(tap.sizes)}, "
            f"strides {list(tap.strides)})",
        )


def pairs_of(tap: TensorAccessPattern | None) -> Pairs:
    """(size, stride) of each dimension, outermost first; empty for linear."""
    return [] if tap is None else tap.transformation_dims


def _as_pattern(pairs: Any) -> str:
    try:
        sizes = [int(size) for size, _ in pairs]
        strides = [int(stride) for _, stride in pairs]
    except (TypeError, ValueError):
        return "TensorAccessPattern(shape, 0, sizes, strides) from aie.helpers.taplib"
    return f"TensorAccessPattern(shape, 0, {sizes}, {strides}) from aie.helpers.taplib"
