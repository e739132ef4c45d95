"""npu1 is what its sources say."""

import pytest

from ironbird.base.device import Tile, TileKind
from ironbird.base.npu1 import DEVICES, NPU1


def test_the_grid_has_sixteen_cores_four_memory_tiles_and_four_shims() -> None:
    counts = {kind: len(NPU1.tiles(kind)) for kind in TileKind}
    assert counts == {TileKind.CORE: 16, TileKind.MEMORY: 4, TileKind.SHIM: 4}


def test_a_core_reaches_west_north_and_south_but_not_east() -> None:
    assert NPU1.memories_reached_by(Tile(1, 3)) == [(1, 3), (0, 3), (1, 4), (1, 2)]
    assert NPU1.memories_reached_by(Tile(0, 2)) == [(0, 2), (0, 3)]


def test_two_cores_share_the_memory_that_both_reach() -> None:
    assert NPU1.shared_memories(Tile(0, 2), Tile(1, 2)) == [(0, 2)]
    assert NPU1.shared_memories(Tile(0, 2), Tile(0, 3)) == [(0, 2), (0, 3)]
    assert NPU1.shared_memories(Tile(0, 2), Tile(0, 5)) == []


def test_odd_channels_of_a_memory_tile_use_the_upper_descriptors() -> None:
    memory_tile = NPU1.model(Tile(0, 1))
    assert memory_tile.descriptors_of_channel(4) == range(24)
    assert memory_tile.descriptors_of_channel(5) == range(24, 48)
    assert NPU1.model(Tile(0, 2)).descriptors_of_channel(1) == range(16)


def test_a_tile_outside_the_grid_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^tile \(1, 2\) is outside npu1_1col: columns 0\.\.0, rows 0\.\.5$"
    ):
        DEVICES["npu1_1col"].kind(Tile(1, 2))
