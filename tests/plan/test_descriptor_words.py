"""Descriptors and their register words say the same, for whatever the words can hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Tile, TileKind
from ironbird.plan import Descriptor, HostBuffer, Iteration, PacketHeader
from ironbird.plan.descriptor_words import (
    DescriptorFields,
    LockField,
    fields_of_words,
    pattern_in_words,
    words_of_fields,
)

DIMENSIONS = {TileKind.CORE: 3, TileKind.MEMORY: 4, TileKind.SHIM: 3}
LOCKS = {TileKind.CORE: 16, TileKind.MEMORY: 192, TileKind.SHIM: 16}
NEXT = {TileKind.CORE: 16, TileKind.MEMORY: 48, TileKind.SHIM: 16}


@st.composite
def descriptor_fields(draw: st.DrawFn, kind: TileKind) -> DescriptorFields:
    """Small ones: the widths of fields are the layouts' own tests."""
    count = draw(st.integers(1, DIMENSIONS[kind]))
    sizes = tuple(draw(st.integers(1, 7)) for _ in range(count))
    strides = tuple(draw(st.integers(1, 50)) for _ in range(count))
    padding: tuple[tuple[int, int], ...] = ()
    if kind is TileKind.MEMORY and count <= 3 and draw(st.booleans()):
        padding = tuple((draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in range(count))
    spans = [size + sum(padding[number]) if padding else size for number, size in enumerate(sizes)]
    locks = st.integers(0, LOCKS[kind] - 1)
    return DescriptorFields(
        address=None if kind is TileKind.SHIM else draw(st.integers(0, 4000)),
        pattern=AccessPattern(0, sizes, strides),
        length=int(np.prod(spans)),
        padding=padding if any(pad != (0, 0) for pad in padding) else (),
        iteration=draw(
            st.none()
            | st.builds(Iteration, st.integers(2, 64), st.integers(1, 99), st.integers(0, 1))
        ),
        acquire=draw(
            st.none()
            | st.builds(LockField, locks, st.just("acquire_ge"), st.integers(1, 63))
            | st.builds(LockField, locks, st.just("acquire_eq"), st.integers(0, 63))
        ),
        release=draw(
            st.none() | st.builds(LockField, locks, st.just("release"), st.integers(1, 63))
        ),
        packet=draw(st.none() | st.builds(PacketHeader, st.integers(0, 7), st.integers(0, 31))),
        next=draw(st.none() | st.integers(0, NEXT[kind] - 1)),
    )


@pytest.mark.parametrize("kind", list(TileKind))
@given(drawn=st.data())
def test_fields_come_back_from_words(kind: TileKind, drawn: st.DataObject) -> None:
    fields = drawn.draw(descriptor_fields(kind))
    again = fields_of_words(kind, words_of_fields(kind, fields))
    np.testing.assert_array_equal(again.pattern.indices(), fields.pattern.indices())
    if fields.padding:
        # Padding counts positions of the dimensions as written; those of size 1 without any go.
        assert [pad for pad in again.padding if pad != (0, 0)] == [
            pad for pad in fields.padding if pad != (0, 0)
        ]
    assert replace(again, pattern=fields.pattern, padding=fields.padding) == fields


@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    strides=st.lists(st.integers(1, 20), min_size=3, max_size=3),
    element_bytes=st.sampled_from([1, 2, 4, 8]),
    offset=st.integers(0, 9),
)
def test_a_pattern_in_words_visits_the_same_bytes(
    sizes: list[int], strides: list[int], element_bytes: int, offset: int
) -> None:
    pattern = AccessPattern(offset, tuple(sizes), (*strides[: len(sizes) - 1], 1))
    descriptor = Descriptor(
        id=0,
        tile=Tile(0, 0),
        memory=HostBuffer(0),
        element_bytes=element_bytes,
        pattern=pattern,
        length=pattern.element_count,
    )
    visited = pattern.indices()[:, None] * element_bytes + np.arange(element_bytes)
    try:
        words = pattern_in_words(descriptor)
    except ValueError:
        assert any(
            number * element_bytes % 4
            for number in (offset, sizes[-1], *pattern.simplified().strides, *pattern.strides)
        )
        return
    np.testing.assert_array_equal(
        (words.indices()[:, None] * 4 + np.arange(4)).reshape(-1), visited.reshape(-1)
    )
