"""Layouts of a fifo's objects: the order in which a DMA sends or stores the elements of one."""

from collections.abc import Sequence
from typing import Any

from ironbird.base.access_pattern import DescriptorLimits, why_not_one_descriptor
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.iron.array_types import ArrayType, shown
from ironbird.iron.taplib.pattern import TensorAccessPattern

Pairs = list[tuple[int, int]]

StreamDims = Sequence[Sequence[int]]
"""(size, stride) of each dimension, outermost first: a layout as IRON before 1.4.4 writes it."""

PadDims = Sequence[Sequence[int]]
"""(before, after) of each dimension: zeros that a memory tile adds, as IRON before 1.4.4 writes."""


def checked_layout(layout: Any, of: str, argument: str) -> TensorAccessPattern | None:
    """A pattern, or the pairs of earlier generations, as given to `argument` of `of`."""
    if layout is None:
        return None
    if not isinstance(layout, TensorAccessPattern):
        return _pattern_of(_pairs(layout, of, argument, "(size, stride)"))
    if layout.offset:
        raise DesignError(
            f"{argument} of {of} starts at element {layout.offset}",
            at=author_line(),
            because="a layout walks over the whole object, from its first element",
            fix="a pattern with offset 0",
        )
    return layout


def padded_layout(
    layout: TensorAccessPattern | None, padding: PadDims | None, shape: Sequence[int], of: str
) -> TensorAccessPattern | None:
    """`layout` with zeros added to its dimensions; to those of the object if there is none."""
    if padding is None:
        return layout
    walk = layout if layout is not None else TensorAccessPattern(shape)
    return walk.pad(_pairs(padding, of, "pad_dimensions", "(before, after)"))


def _pattern_of(pairs: Pairs) -> TensorAccessPattern | None:
    if not pairs:
        return None
    extent = 1 + sum((size - 1) * stride for size, stride in pairs)
    sizes, strides = [size for size, _ in pairs], [stride for _, stride in pairs]
    return TensorAccessPattern((max(extent, 1),), 0, sizes, strides)


def _pairs(given: Any, of: str, argument: str, pair: str) -> Pairs:
    try:
        return [(int(first), int(second)) for first, second in given]
    except (TypeError, ValueError):
        raise DesignError(
            f"{argument} of {of} is {shown(given)}",
            at=author_line(),
            because=f"it is a list of pairs {pair}, outermost dimension first",
            fix="TensorAccessPattern(shape, 0, sizes, strides) from aie.helpers.taplib",
        ) from None


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
