"""Tiles, their neighbours, and what stands on them."""

from aie.dialects.aie import (
    AIETileType,
    WireBundle,
    buffer,
    find_matching_buffers,
    find_matching_flows,
    find_matching_locks,
    find_neighbors,
    flow,
    lock,
    logical_tile,
    tile,
)
from placed_modules import array, device_lines, in_device, refused


def test_tiles_know_their_kind():
    def body():
        kinds = [
            (each.is_shim_noc_tile(), each.is_shim_tile(), each.is_mem_tile(), each.is_core_tile())
            for each in (tile(0, 0), tile(0, 1), tile(0, 2))
        ]
        wishes = [
            (each.is_shim_noc_tile(), each.is_shim_tile(), each.is_mem_tile(), each.is_core_tile())
            for each in map(
                logical_tile, (AIETileType.ShimNOCTile, AIETileType.MemTile, AIETileType.CoreTile)
            )
        ]
        assert kinds == wishes
        assert kinds[0] == (True, True, False, False)
        assert kinds[2] == (False, False, False, True)
        wish = logical_tile(AIETileType.MemTile)
        assert not tile(1, 0).is_shim_pl_tile()
        assert not wish.is_shim_pl_tile()
        assert (repr(tile(3, 4)), repr(wish)) == ("tile(3, 4)", "logical_tile(MemTile)")

    in_device(body)


def test_logical_tiles_pin_what_they_name():
    def body():
        logical_tile(AIETileType.CoreTile, col=2, allocation_scheme="basic-sequential")
        logical_tile(AIETileType.MemTile)

    assert device_lines(body) == [
        '%logical_core = aie.logical_tile<CoreTile>(2, ?) {allocation_scheme = "basic-sequential"}',
        "%logical_mem = aie.logical_tile<MemTile>(?, ?)",
    ]


def test_neighbours_are_those_that_the_design_has():
    def body():
        middle, north, west = tile(1, 3), tile(1, 4), tile(0, 3)
        tile(1, 1)
        found = find_neighbors(middle)
        assert (found.north, found.west, found.south) == (north, west, None)
        assert find_neighbors(west).west is None
        assert find_neighbors(tile(1, 2), logical=False).south is None

    in_device(body)


def test_matching_by_place_name_and_annotation():
    def body():
        shim, one, other = tile(0, 0), tile(0, 2), tile(0, 3)
        there = flow(shim, WireBundle.DMA, 1, one, WireBundle.DMA, 0, source_annot="host")
        back = flow(one, dest=shim)
        flow(one, dest=other)
        assert find_matching_flows([shim]) == [there, back]
        assert find_matching_flows([one], filter_source=True)[0] == back
        assert find_matching_flows([one], filter_dest=True) == [there]
        assert shim.flows(source_annot="host") == [there]
        assert (there.source, there.source_port) == (shim.result, ("DMA", 1))
        assert (there.dest, there.dest_port) == (one.result, ("DMA", 0))
        first = lock(one, sym_name="first", annot="ring")
        lock(other, annot="ring")
        assert find_matching_locks([one], annot="ring") == [first]
        assert len({first, *find_matching_locks([one])}) == 1
        assert len(find_matching_locks([one, other], annot="ring")) == 2
        assert one.locks(sym_name="second") == []
        buffer(one, array(4), name="a", annot="table")
        buffer(one, array(4), name="b")
        names = [op.sym_name.data for op in find_matching_buffers([one], annot="table")]
        assert names == ["a"]
        assert len(find_matching_buffers([one])) == 2

    in_device(body)


def test_a_tile_outside_the_device():
    def body():
        tile(4, 2)  # !

    with refused(
        __file__,
        "tile(4, 2) is outside npu1",
        because="it has columns 0 to 3 and rows 0 to 5",
    ):
        in_device(body)


def test_a_tile_outside_a_device():
    with refused(
        __file__,
        "tile(0, 2) outside of a device",
        because="it makes an operation, and there is no region for it to stand in",
        fix="`with mlir_mod_ctx() as ctx:`, and in it `@device(AIEDevice.npu1)`",
    ):
        tile(0, 2)  # !
    with refused(__file__, "find_matching_locks outside of a device", fix="device="):
        find_matching_locks([])  # !
