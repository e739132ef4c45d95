"""An access pattern: the order in which a transfer visits the elements of a flat array.

Sizes and strides are outermost first and count elements. One descriptor of the DMA holds one pattern.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class AccessPattern:
    """Element `offset + sum(i[d] * strides[d])` for every index `i` below `sizes`, last one fastest."""

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
        """The same visits with the fewest dimensions: no size-1 dimension, contiguous ones merged."""
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

    The outermost used dimension needs no wrap: the length stops it. The innermost moves whole
    32-bit words, so elements narrower than a word must be contiguous there.
    """
    compact = pattern.simplified()
    sizes, strides = compact.sizes, compact.strides
    if len(sizes) > limits.max_dimensions:
        return f"{len(sizes)} dimensions; a descriptor has {limits.max_dimensions}"
    length_bytes = compact.element_count * element_bytes
    if length_bytes % 4:
        return f"{length_bytes} bytes are not whole 32-bit words"
    if length_bytes // 4 > limits.max_length_words:
        return f"{length_bytes // 4} words; a descriptor moves at most {limits.max_length_words}"
    if compact.offset * element_bytes % 4:
        return f"offset {compact.offset * element_bytes} bytes is not a whole 32-bit word"
    if element_bytes < 4 and strides and strides[-1] != 1:
        return f"innermost stride {strides[-1]}; {element_bytes}-byte elements need 1"
    for dimension, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
        innermost = dimension == len(sizes) - 1
        run_bytes = size * element_bytes
        if innermost and stride == 1 and run_bytes % 4:
            return f"innermost run of {run_bytes} bytes is not whole 32-bit words"
        wrap = run_bytes // 4 if innermost and stride == 1 else size
        if dimension > 0 and wrap > limits.max_wrap:
            return f"size {wrap} in dimension {dimension} exceeds {limits.max_wrap}"
        if innermost and stride == 1:
            continue
        if stride * element_bytes % 4:
            return f"stride {stride * element_bytes} bytes in dimension {dimension} is not whole words"
        if not 0 <= stride * element_bytes // 4 <= limits.max_step_words:
            return (
                f"stride {stride * element_bytes // 4} words in dimension {dimension} "
                f"exceeds {limits.max_step_words}"
            )
    return None


def left_padded(values: Sequence[int], length: int, fill: int) -> tuple[int, ...]:
    """`values` with `fill` in front until there are `length` of them."""
    return (fill,) * (length - len(values)) + tuple(values)
