"""Names of values, as MLIR gives them; what the samples do not show."""

from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects import arith, memref
from xdsl.dialects.builtin import IndexType, IntegerAttr, MemRefType, ModuleOp, i32
from xdsl.ir import Block, Operation, Region

from ironbird.ir import print_module, print_operation
from ironbird.ir.aie import BufferOp, CoreOp, DeviceOp, EndOp, LockOp, LogicalTileOp, TileOp

WORDS = MemRefType(i32, [4])


def printed(*ops: Operation) -> list[str]:
    """The lines of a device's body, without indentation."""
    module = ModuleOp([DeviceOp(body=Region(Block(list(ops))))])
    return [line.strip() for line in print_module(module).splitlines()[2:-3]]


def test_a_hint_of_the_front_end_is_not_used() -> None:
    tile = TileOp(0, 2)
    tile.result.name_hint = "mine"
    assert printed(tile) == ["%tile_0_2 = aie.tile(0, 2)"]


def test_a_buffer_on_a_logical_tile_is_numbered_unless_it_has_a_name() -> None:
    tile = LogicalTileOp("CoreTile", col=1)
    assert printed(tile, BufferOp(tile, WORDS), BufferOp(tile, WORDS, "sum")) == [
        "%logical_core = aie.logical_tile<CoreTile>(1, ?)",
        "%0 = aie.buffer(%logical_core) : memref<4xi32>",
        '%sum = aie.buffer(%logical_core) {sym_name = "sum"} : memref<4xi32>',
    ]


def test_a_pinned_logical_tile_gives_its_place_to_names() -> None:
    tile = LogicalTileOp("CoreTile", col=1, row=3)
    assert printed(tile, LockOp(tile)) == [
        "%logical_core = aie.logical_tile<CoreTile>(1, 3)",
        "%lock_1_3 = aie.lock(%logical_core)",
    ]


def test_names_that_are_no_identifiers_are_rewritten() -> None:
    tile = TileOp(0, 2)
    names = ["0start", "a b", "sum*2", "ü", "-x"]
    lines = printed(tile, *(BufferOp(tile, WORDS, name) for name in names))
    assert [line.split(" = ")[0] for line in lines[1:]] == [
        "%_0start",
        "%a_b",
        "%sum2A2",
        "%_C3BC",
        "%-x",
    ]


def test_sibling_regions_count_from_the_same_numbers() -> None:
    tiles = [TileOp(0, 2), TileOp(0, 3)]
    cores = []
    for tile in tiles:
        body = Block([arith.ConstantOp(IntegerAttr(1, IndexType())), EndOp()])
        cores.append(CoreOp(tile, Region(body)))
    constants = [line for line in printed(*tiles, *cores) if "constant" in line]
    assert constants == ["%c1 = arith.constant 1 : index"] * 2


def test_several_results_share_a_name() -> None:
    metadata = memref.ExtractStridedMetaDataOp(memref.AllocOp.get(i32, shape=[4]))
    assert print_operation(metadata).startswith("%0:4 = ")


def test_a_value_from_outside_of_what_is_printed_is_marked() -> None:
    lock = LockOp(TileOp(0, 2))
    assert print_operation(lock) == "%lock_0_2 = aie.lock(%<<unknown>>)"


@given(names=st.lists(st.text(min_size=1, max_size=4), max_size=6, unique=True))
def test_no_two_values_of_a_region_have_one_name(names: list[str]) -> None:
    tile = TileOp(0, 2)
    lines = printed(tile, *(BufferOp(tile, WORDS, name) for name in names))
    shown = [line.split(" = ")[0] for line in lines]
    assert len(set(shown)) == len(names) + 1
