"""Access patterns visit what numpy says they visit; a descriptor holds what its fields can."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.access_pattern import AccessPattern, why_not_one_descriptor
from ironbird.base.npu1 import CORE_TILE, MEMORY_TILE, SHIM_TILE

SHIM = SHIM_TILE.descriptor
CORE = CORE_TILE.descriptor
MEMORY = MEMORY_TILE.descriptor

patterns = st.lists(st.tuples(st.integers(1, 5), st.integers(-3, 9)), min_size=0, max_size=4).map(
    lambda dimensions: AccessPattern(
        100, tuple(size for size, _ in dimensions), tuple(stride for _, stride in dimensions)
    )
)


@given(patterns)
def test_indices_are_the_nested_loops(pattern: AccessPattern) -> None:
    visited = [
        pattern.offset + sum(i * stride for i, stride in zip(index, pattern.strides, strict=True))
        for index in np.ndindex(*pattern.sizes)
    ]
    assert pattern.indices().tolist() == visited
    assert pattern.element_count == len(visited)
    assert pattern.bounds() == (min(visited), max(visited))


@given(patterns)
def test_simplified_visits_the_same_in_fewer_dimensions(pattern: AccessPattern) -> None:
    simple = pattern.simplified()
    assert simple.indices().tolist() == pattern.indices().tolist()
    assert len(simple.sizes) <= len(pattern.sizes)
    assert simple.simplified() == simple
    assert 1 not in simple.sizes


@given(patterns)
def test_linear_means_one_after_the_other(pattern: AccessPattern) -> None:
    visited = pattern.indices()
    assert pattern.is_linear == bool((np.diff(visited) == 1).all())


@pytest.mark.parametrize(
    ("sizes", "strides", "message"),
    [
        ((2, 3), (1,), "2 sizes but 1 strides"),
        ((2, 0), (4, 1), "sizes (2, 0) must all be at least 1"),
    ],
)
def test_a_pattern_that_visits_nothing_is_no_pattern(sizes, strides, message) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        AccessPattern(0, sizes, strides)


def test_an_offset_counts_from_the_start() -> None:
    with pytest.raises(ValueError, match=r"^offset -1 is negative$"):
        AccessPattern.linear(4, -1)


@pytest.mark.parametrize(
    ("pattern", "element_bytes", "limits", "reason"),
    [
        (
            AccessPattern(0, (2, 3, 4, 5), (999, 99, 12, 1)),
            4,
            SHIM,
            "4 dimensions; a descriptor has 3",
        ),
        (AccessPattern(0, (2, 3, 4, 5), (999, 99, 12, 1)), 4, MEMORY, None),
        (AccessPattern.linear(2**14), 4, CORE, "16384 words; a descriptor moves at most 16383"),
        (AccessPattern.linear(2**14 - 1), 4, CORE, None),
        (AccessPattern.linear(6), 1, CORE, "contiguous run of 6 bytes is not whole 32-bit words"),
        (AccessPattern.linear(4, 2), 2, CORE, None),
        (AccessPattern.linear(4, 1), 2, CORE, "offset of 2 bytes is not whole 32-bit words"),
        (
            AccessPattern(0, (4,), (2,)),
            2,
            CORE,
            "innermost stride is 2; elements of 2 bytes need 1",
        ),
        (AccessPattern(0, (4,), (2,)), 4, CORE, None),
        (AccessPattern(0, (4, 2), (5, 1)), 2, CORE, "stride of 10 bytes is not whole 32-bit words"),
        (AccessPattern(0, (4, 2), (6, 1)), 2, CORE, None),
        # The outermost size has no wrap to exceed; an inner one has.
        (AccessPattern(0, (2048, 4), (8, 1)), 4, SHIM, None),
        (AccessPattern(0, (4, 2048), (5000, 2)), 4, SHIM, "size of 2048 words exceeds 1023"),
        (AccessPattern(0, (2, 2048), (4096, 1)), 1, SHIM, None),
        (AccessPattern(0, (3, 2), (0, 1)), 4, SHIM, "stride of 0 words is outside 1..1048576"),
        (
            AccessPattern(0, (3, 2), (2**21, 1)),
            4,
            SHIM,
            "stride of 2097152 words is outside 1..1048576",
        ),
        (AccessPattern(0, (2, 2), (2**20, 1)), 4, SHIM, None),
        # Eight bytes are two words: one more dimension where they do not follow one another.
        (AccessPattern(0, (2, 3, 4), (100, 20, 2)), 8, SHIM, "4 dimensions; a descriptor has 3"),
        (AccessPattern(0, (2, 3, 4), (100, 20, 1)), 8, SHIM, None),
    ],
)
def test_why_not_one_descriptor(pattern, element_bytes, limits, reason) -> None:
    assert why_not_one_descriptor(pattern, element_bytes, limits) == reason


@given(patterns, st.sampled_from([1, 2, 4, 8]))
def test_whole_words_of_four_byte_elements_are_always_moved(
    pattern: AccessPattern, element_bytes: int
) -> None:
    """What a descriptor accepts is a sequence of aligned words, whatever the element."""
    if why_not_one_descriptor(pattern, element_bytes, SHIM) is not None:
        return
    visited = (
        pattern.indices()[:, None] * element_bytes + np.arange(element_bytes)[None, :]
    ).reshape(-1, 4)
    assert (visited[:, 0] % 4 == 0).all()
    assert (np.diff(visited, axis=1) == 1).all()
