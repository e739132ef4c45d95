"""Texts are dealt out to groups: every row once, beside the others about its window of audio."""

import pytest

from whisper_pipeline.npu.text_groups import Group, TextGroups
from whisper_pipeline.ops import Texts


@pytest.mark.parametrize(
    ("texts", "groups", "filled_up"),
    [
        (Texts(1, 1), [Group(1, 0)], 1),
        (Texts(3, 1), [Group(3, 0)], 4),
        (Texts(20, 1), [Group(10, 0), Group(10, 10)], 16),
        (Texts(1, 5), [Group(5, 0)], 5),
        (Texts(8, 5), [Group(15, 0), Group(15, 3), Group(10, 6)], 15),
        (Texts(2, 17), [Group(9, 0), Group(8, 0), Group(9, 1), Group(8, 1)], 9),
    ],
)
def test_groups_of_texts(texts: Texts, groups: list[Group], filled_up: int) -> None:
    found = TextGroups.of(texts)
    assert list(found.groups) == groups
    assert found.rows == filled_up
    assert sum(group.row_count for group in groups) == texts.row_count


@pytest.mark.parametrize(
    ("first_position", "positions", "parts", "tensor_rows", "is_prompt"),
    [(0, 8, 1, 64, False), (0, 9, 5, 256, True), (0, 448, 5, 512, True), (8, 60, 1, 512, False)],
)
def test_places_of_positions(
    first_position: int, positions: int, parts: int, tensor_rows: int, is_prompt: bool
) -> None:
    """Five texts about one window: in a long prompt each is a part by itself."""
    places = TextGroups.of(Texts(1, 5)).next_places(first_position, positions)
    assert (len(places.counts), places.tensor_rows) == (parts, tensor_rows)
    assert places.is_prompt == is_prompt
    assert sum(places.counts) == 5
