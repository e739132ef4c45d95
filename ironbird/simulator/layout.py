"""A descriptor's visits as rows of contiguous bytes under strided dimensions."""

from dataclasses import dataclass

from ironbird.plan.plan import Descriptor


@dataclass(frozen=True)
class Dimension:
    """`size` steps of `stride_bytes`, with zeros for `before` and `after` positions around them."""

    size: int
    stride_bytes: int
    before: int = 0
    after: int = 0

    @property
    def span(self) -> int:
        """Positions, padding included."""
        return self.before + self.size + self.after


@dataclass(frozen=True)
class Layout:
    """Rows of `row_bytes` contiguous bytes, `row_before` and `row_after` zero bytes around each.

    dimensions: outermost first; the row is under the last of them.
    """

    offset_bytes: int
    dimensions: tuple[Dimension, ...]
    row_bytes: int
    row_before: int
    row_after: int

    @property
    def row_span(self) -> int:
        """Bytes of the stream one row takes."""
        return self.row_before + self.row_bytes + self.row_after


def layout_of(descriptor: Descriptor) -> Layout:
    """The bytes that `descriptor` visits, in the order of the stream."""
    unit = descriptor.element_bytes
    offset_bytes = descriptor.pattern.offset * unit
    if any(before or after for before, after in descriptor.padding):
        return _padded(descriptor, offset_bytes)
    compact = descriptor.pattern.simplified()
    sizes, strides = list(compact.sizes), list(compact.strides)
    if not sizes or strides == [1]:
        return Layout(offset_bytes, (), descriptor.byte_count, 0, 0)
    if strides[-1] == 1:
        row_elements = sizes.pop()
        strides.pop()
    else:
        row_elements = 1
    # The length stops a descriptor, not its outermost size (AM020 ch2).
    inner = row_elements
    for size in sizes[1:]:
        inner *= size
    sizes[0] = max(sizes[0], -(-descriptor.length // inner))
    dimensions = tuple(
        Dimension(size, stride * unit) for size, stride in zip(sizes, strides, strict=True)
    )
    return Layout(offset_bytes, dimensions, row_elements * unit, 0, 0)


def _padded(descriptor: Descriptor, offset_bytes: int) -> Layout:
    """Padding counts positions of the dimensions as written, so none may be merged."""
    unit = descriptor.element_bytes
    pattern = descriptor.pattern
    dimensions = [
        Dimension(size, stride * unit, before, after)
        for size, stride, (before, after) in zip(
            pattern.sizes, pattern.strides, descriptor.padding, strict=True
        )
    ]
    if pattern.strides[-1] != 1:
        return Layout(offset_bytes, tuple(dimensions), unit, 0, 0)
    row = dimensions.pop()
    return Layout(
        offset_bytes, tuple(dimensions), row.size * unit, row.before * unit, row.after * unit
    )
