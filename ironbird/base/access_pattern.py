"""An access pattern: the order in which a transfer visits the elements of a flat array.

Sizes and strides are outermost first and count elements. One descriptor of the DMA holds one
pattern.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class AccessPattern:
    """Element `offset + sum(i[d] * strides[d])` for each index `i` below `sizes`, last fastest."""

    offset: int
    sizes: tuple[int, ...]
    strides: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.sizes) != len(self.strides):
            raise ValueError(f"{len(self.sizes)} sizes but {len(self.strides)} strides")
        if any(size < 1 for size in self.sizes):
            raise ValueError(f"sizes {self.sizes} must all be at least 1")
        if self.offset < 0:
            raise ValueError(f"offset {self.offset} is negative")

    @classmethod
    def linear(cls, element_count: int, offset: int = 0) -> "AccessPattern":
        """The run of `element_count` elements from `offset`."""
        return cls(offset, (element_count,), (1,))

    @property
    def element_count(self) -> int:
        """How many elements are visited, repeats counted."""
        return math.prod(self.sizes)

    @property
    def is_linear(self) -> bool:
        """Whether the visited elements follow one another without gap or repeat."""
        compact = self.simplified()
        return compact.strides in ((), (1,))

    def simplified(self) -> "AccessPattern":
        """The same visits with the fewest dimensions: none of size 1, contiguous ones merged."""
        sizes: list[int] = []
        strides: list[int] = []
        for size, stride in zip(self.sizes, self.strides, strict=True):
            if size == 1:
                continue
            if sizes and strides[-1] == size * stride:
                sizes[-1] *= size
                strides[-1] = stride
            else:
                sizes.append(size)
                strides.append(stride)
        return AccessPattern(self.offset, tuple(sizes), tuple(strides))

    def indices(self) -> npt.NDArray[np.int64]:
        """Every visited element's index, in order. Shape [element_count], int64."""
        result = np.array([self.offset], dtype=np.int64)
        for size, stride in zip(self.sizes, self.strides, strict=True):
            steps = np.arange(size, dtype=np.int64) * stride
            result = (result[:, None] + steps[None, :]).reshape(-1)
        return result

    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest element visited."""
        reach = [(size - 1) * stride for size, stride in zip(self.sizes, self.strides, strict=True)]
        lowest = self.offset + sum(step for step in reach if step < 0)
        highest = self.offset + sum(step for step in reach if step > 0)
        return lowest, highest


@dataclass(frozen=True, kw_only=True)
class DescriptorLimits:
    """What the descriptor of one kind of tile can hold; strides and lengths in 32-bit words.

    Source: AM020 ch2, ch3, ch5; mlir-aie AIEXDialect.cpp (field widths).
    """

    max_dimensions: int
    max_wrap: int
    max_step_words: int
    max_iteration: int
    max_iteration_step_words: int
    max_length_words: int


def why_not_one_descriptor(
    pattern: AccessPattern, element_bytes: int, limits: DescriptorLimits
) -> str | None:
    """The first reason `pattern` is not one buffer descriptor, or None if it is one.

    The outermost used dimension needs no wrap: the length stops it. A step field holds the step
    minus 1, so a step of 0 cannot be written: a repeat is a matter of the task, not of the
    descriptor (AM020 ch2; field encodings in xdna-emu docs/dma-reference.md).
    """
    compact = pattern.simplified()
    reason = _why_not_whole_words(compact, element_bytes)
    if reason is not None:
        return reason
    words = in_words(compact, element_bytes)
    if len(words.sizes) > limits.max_dimensions:
        return f"{len(words.sizes)} dimensions; a descriptor has {limits.max_dimensions}"
    if words.element_count > limits.max_length_words:
        return f"{words.element_count} words; a descriptor moves at most {limits.max_length_words}"
    for dimension, (size, stride) in enumerate(zip(words.sizes, words.strides, strict=True)):
        if dimension > 0 and size > limits.max_wrap:
            return f"size of {size} words exceeds {limits.max_wrap}"
        if not 1 <= stride <= limits.max_step_words:
            return f"stride of {stride} words is outside 1..{limits.max_step_words}"
    return None


def _why_not_whole_words(compact: AccessPattern, element_bytes: int) -> str | None:
    """The first reason a pattern does not move whole 32-bit words."""
    if compact.offset * element_bytes % 4:
        return f"offset of {compact.offset * element_bytes} bytes is not whole 32-bit words"
    run_elements = 1
    strides = compact.strides
    if strides and (strides[-1] == 1 or element_bytes < 4):
        if strides[-1] != 1:
            return f"innermost stride is {strides[-1]}; elements of {element_bytes} bytes need 1"
        run_elements, strides = compact.sizes[-1], strides[:-1]
    if run_elements * element_bytes % 4:
        return f"contiguous run of {run_elements * element_bytes} bytes is not whole 32-bit words"
    for stride in strides:
        if stride * element_bytes % 4:
            return f"stride of {stride * element_bytes} bytes is not whole 32-bit words"
    return None


def in_words(pattern: AccessPattern, element_bytes: int) -> AccessPattern:
    """The same visits counted in 32-bit words: elements become a dimension.

    Raises ValueError for a pattern that does not move whole words.
    """
    compact = pattern.simplified()
    reason = _why_not_whole_words(compact, element_bytes)
    if reason is not None:
        raise ValueError(reason)
    sizes, strides = list(compact.sizes), [stride * element_bytes for stride in compact.strides]
    bytes_pattern = AccessPattern(
        compact.offset * element_bytes, (*sizes, element_bytes), (*strides, 1)
    ).simplified()
    *outer, run_bytes = bytes_pattern.sizes
    return AccessPattern(
        bytes_pattern.offset // 4,
        (*outer, run_bytes // 4),
        (*(stride // 4 for stride in bytes_pattern.strides[:-1]), 1),
    ).simplified()


def left_padded(values: Sequence[int], length: int, fill: int) -> tuple[int, ...]:
    """`values` with `fill` in front until there are `length` of them."""
    return (fill,) * (length - len(values)) + tuple(values)
