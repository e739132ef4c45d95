"""Tiles get places; what fits nowhere is refused."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
from ironbird.base.npu1 import NPU1
from ironbird.ir import parse_module
from ironbird.ir.aie import LockOp, LogicalTileOp, TileOp, tile_of
from ironbird.passes.assign_descriptor_ids import AssignDescriptorIds
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from ironbird.passes.place_tiles import PlaceTiles
from tests.passes.equivalence import devices_in
from tests.passes.refusals import refusal

CASES = {
    "five cores on one column": (
        "npu1_1col",
        """\
%w0 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w0) {
aie.end
}
%w1 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w1) {
aie.end
}
%w2 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w2) {
aie.end
}
%w3 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w3) {
aie.end
}
%w4 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w4) {
aie.end
}""",
        """\
design.mlir:19:1: No core tile is left for this worker
  because: 5 workers need a tile each; npu1_1col has 4
  try: fewer workers, or a device with more columns""",
    ),
    "five cores pinned to one column": (
        "npu1",
        """\
%w0 = aie.logical_tile<CoreTile>(0, ?)
aie.core(%w0) {
aie.end
}
%w1 = aie.logical_tile<CoreTile>(0, ?)
aie.core(%w1) {
aie.end
}
%w2 = aie.logical_tile<CoreTile>(0, ?)
aie.core(%w2) {
aie.end
}
%w3 = aie.logical_tile<CoreTile>(0, ?)
aie.core(%w3) {
aie.end
}
%w4 = aie.logical_tile<CoreTile>(0, ?)
aie.core(%w4) {
aie.end
}""",
        """\
design.mlir:19:1: No core tile (0, ?) is left for this worker
  because: 5 workers ask for one; 4 are free
  try: leave the tile open""",
    ),
    "two cores on one tile": (
        "npu1",
        """\
%w0 = aie.logical_tile<CoreTile>(0, 2)
aie.core(%w0) {
aie.end
}
%w1 = aie.logical_tile<CoreTile>(0, 2)
aie.core(%w1) {
aie.end
}""",
        """\
design.mlir:7:1: Two workers are on tile (0, 2)
  because: the other is at design.mlir:3:1; a tile has one core
  try: another tile for one of them, or none to have it chosen""",
    ),
    "column outside": (
        "npu1",
        """\
%w = aie.logical_tile<CoreTile>(4, ?)""",
        """\
design.mlir:2:6: There is no CoreTile (4, ?)
  because: npu1 has columns 0..3""",
    ),
    "row of another kind": (
        "npu1",
        """\
%w = aie.logical_tile<CoreTile>(0, 1)""",
        """\
design.mlir:2:6: There is no CoreTile (0, 1)
  because: a CoreTile is in rows 2..5""",
    ),
    "memory tile in another row": (
        "npu1",
        """\
%w = aie.logical_tile<MemTile>(0, 2)""",
        """\
design.mlir:2:6: There is no MemTile (0, 2)
  because: a MemTile is in row 1""",
    ),
    "a shim that npu1 lacks": (
        "npu1",
        """\
%w = aie.logical_tile<ShimPLTile>(0, 0)""",
        """\
design.mlir:2:6: npu1 has no ShimPLTile
  because: its shim tiles are all connected to the host (ShimNOCTile)""",
    ),
    "three fifos into one core": (
        "npu1",
        """\
%w = aie.logical_tile<CoreTile>(?, ?)
%i0 = aie.logical_tile<ShimNOCTile>(?, ?)
aie.objectfifo @f0(%i0, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%i1 = aie.logical_tile<ShimNOCTile>(?, ?)
aie.objectfifo @f1(%i1, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%i2 = aie.logical_tile<ShimNOCTile>(?, ?)
aie.objectfifo @f2(%i2, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:8:1: Too many fifos arrive at one worker
  because: 3 S2MM channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); a core tile has 2
  try: join them on a memory tile, or place the other core beside this one""",
    ),
    "three fifos out of one pinned shim": (
        "npu1",
        """\
%s = aie.logical_tile<ShimNOCTile>(0, 0)
%w0 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f0(%s, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w1 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f1(%s, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w2 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f2(%s, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:8:1: Too many fifos leave tile (0, 0)
  because: 3 MM2S channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); the tile has 2
  try: leave the shim tile open, or name another column""",
    ),
    "more shim fifos than there are channels": (
        "npu1_1col",
        """\
%w0 = aie.logical_tile<CoreTile>(?, ?)
%i0 = aie.logical_tile<ShimNOCTile>(?, ?)
aie.objectfifo @f0(%i0, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w1 = aie.logical_tile<CoreTile>(?, ?)
%i1 = aie.logical_tile<ShimNOCTile>(?, ?)
aie.objectfifo @f1(%i1, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w2 = aie.logical_tile<CoreTile>(?, ?)
%i2 = aie.logical_tile<ShimNOCTile>(?, ?)
aie.objectfifo @f2(%i2, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:10:1: No shim tile has enough DMA channels for ObjectFifo 'f2'
  because: its tile needs 1 MM2S ('f2'); a shim tile has 2 each way, npu1_1col 2, and others use them
  try: fewer fifos, or a device with more columns""",
    ),
    "seven fifos out of one memory tile": (
        "npu1",
        """\
%m = aie.logical_tile<MemTile>(?, ?)
%w0 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f0(%m, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w1 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f1(%m, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w2 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f2(%m, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w3 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f3(%m, {%w3}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w4 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f4(%m, {%w4}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w5 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f5(%m, {%w5}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%w6 = aie.logical_tile<CoreTile>(?, ?)
aie.objectfifo @f6(%m, {%w6}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:4:1: No memory tile has enough DMA channels for ObjectFifo 'f0'
  because: its tile needs 7 MM2S ('f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'); a memory tile has 6 each way
  try: spread these fifos over two memory tiles""",
    ),
    "cascade between pinned cores": (
        "npu1",
        """\
%a = aie.logical_tile<CoreTile>(0, 3)
%b = aie.logical_tile<CoreTile>(2, 3)
aie.cascade_flow(%a, %b)""",
        """\
design.mlir:4:1: No cascade leads from tile (0, 3) to tile (2, 3)
  because: a cascade leaves to the south, (0, 2), or to the east, (1, 3)
  try: place the cores side by side in that order, or leave their tiles open""",
    ),
    "a cascade that fits nowhere": (
        "npu1_1col",
        """\
%w0 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w0) {
aie.end
}
%w1 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w1) {
aie.end
}
%w2 = aie.logical_tile<CoreTile>(?, ?)
aie.core(%w2) {
aie.end
}
aie.cascade_flow(%w0, %w1)
aie.cascade_flow(%w0, %w2)""",
        """\
design.mlir:3:1: The workers cannot be placed
  because: no placement keeps 2 cascades
  try: pin the workers that belong together, or send less from one worker to another""",
    ),
}


@pytest.mark.parametrize(("device_name", "text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(device_name: str, text: str, message: str) -> None:
    assert refusal(text, PlaceTiles(), device_name=device_name) == message


def placed(text: str, device_name: str = "npu1") -> list[Tile]:
    """Where the tiles `%t0`, `%t1`, ... of `text` come to lie, each the tile of a named lock."""
    count = text.count("aie.logical_tile")
    locks = "".join(f'%l{n} = aie.lock(%t{n}) {{sym_name = "{n}"}}\n' for n in range(count))
    module = parse_module(f"aie.device({device_name}) {{\n{text}\n{locks}}}")
    (device,) = devices_in(module)
    PlaceTiles().apply(device, device.model)
    module.verify()
    assert not any(isinstance(op, LogicalTileOp) for op in module.walk())
    places = {
        int(op.sym_name.data): tile_of(op.tile)
        for op in module.walk()
        if isinstance(op, LockOp) and op.sym_name is not None
    }
    return [place for _, place in sorted(places.items()) if place is not None]


def cores(*pins: str) -> str:
    """Logical core tiles `%t0`, ... with a core each."""
    return "".join(
        f"%t{n} = aie.logical_tile<CoreTile>({pin})\naie.core(%t{n}) {{\naie.end\n}}\n"
        for n, pin in enumerate(pins)
    )


def fifo(name: str, producer: int, *consumers: int, depth: int = 1) -> str:
    """A fifo of 1 KiB objects between tiles by number."""
    ends = ", ".join(f"%t{consumer}" for consumer in consumers)
    return (
        f"aie.objectfifo @{name}(%t{producer}, {{{ends}}}, {depth} : i32) "
        ": !aie.objectfifo<memref<256xi32>>\n"
    )


def test_free_cores_fill_column_by_column() -> None:
    assert placed(cores(*["?, ?"] * 6)) == [
        *(Tile(0, row) for row in range(2, 6)),
        Tile(1, 2),
        Tile(1, 3),
    ]


def test_pins_come_first_and_half_pins_second() -> None:
    assert placed(cores("?, ?", "?, 3", "0, 2")) == [Tile(0, 4), Tile(0, 3), Tile(0, 2)]


def test_a_cascade_leads_south_or_east_whatever_the_order() -> None:
    text = cores(*["?, ?"] * 4) + "".join(
        f"aie.cascade_flow(%t{source}, %t{source + 1})\n" for source in range(3)
    )
    places = placed(text)
    for source, dest in pairwise(places):
        assert dest in (Tile(source.column, source.row - 1), Tile(source.column + 1, source.row))


def test_a_core_uses_the_memory_of_a_tile_beside_it() -> None:
    text = """
%t0 = aie.logical_tile<CoreTile>(2, 4)
%t1 = aie.logical_tile<CoreTile>(?, ?)
%shared = aie.buffer(%t1) {sym_name = "shared"} : memref<4xi32>
aie.core(%t0) {
  %zero = arith.constant 0 : index
  %value = memref.load %shared[%zero] : memref<4xi32>
  aie.end
}
"""
    home, memory = placed(text)
    assert home == Tile(2, 4)
    assert memory in NPU1.memories_reached_by(home)


def test_a_core_with_more_fifos_than_channels_gets_neighbours() -> None:
    """Five cores send to the sixth, which has two channels: three must share memory with it."""
    text = cores(*["?, ?"] * 6) + "".join(fifo(f"f{n}", n, 5) for n in range(5))
    places = placed(text)
    beside = [
        place
        for place in places[:5]
        if {place, places[5]} & set(NPU1.shared_memories(place, places[5]))
    ]
    assert len(beside) >= 3


def test_two_crowded_cores_find_room_beside_themselves() -> None:
    """Each of two cores reads five others through two channels and three neighbours."""
    groups = {0: range(2, 7), 1: range(7, 12)}
    text = cores(*["?, ?"] * 12)
    text += "".join(fifo(f"f{n}", n, hub) for hub, spokes in groups.items() for n in spokes)
    places = placed(text)
    for hub, spokes in groups.items():
        beside = [
            n
            for n in spokes
            if {places[n], places[hub]} & set(NPU1.shared_memories(places[n], places[hub]))
        ]
        assert len(beside) >= 3


def test_memory_tiles_are_chosen_with_room() -> None:
    """Two links of 300 KiB each do not fit one memory tile of 512 KiB."""
    shims = "".join(f"%t{n} = aie.logical_tile<ShimNOCTile>(0, 0)\n" for n in range(4))
    memories = "".join(f"%t{n} = aie.logical_tile<MemTile>(?, ?)\n" for n in (4, 5))
    links = "".join(
        fifo(f"in{n}", n, 4 + n, depth=300)
        + fifo(f"out{n}", 4 + n, 2 + n, depth=300)
        + f"aie.objectfifo.link [@in{n}] -> [@out{n}]([] [])\n"
        for n in range(2)
    )
    places = placed(shims + memories + links)
    assert places[4:] == [Tile(0, 1), Tile(1, 1)]


def test_memory_tiles_are_chosen_with_descriptors() -> None:
    """Split and join over four cores at depth 4 need 48 descriptors of even channels; a tile has 24.

    The split alone takes 4 x 4 for its input on channel 0 and 4 each on the outputs 0 and 2.
    """
    text = "".join(f"%t{n} = aie.tile(0, {n + 2})\n" for n in range(4))
    text += "%t4 = aie.logical_tile<ShimNOCTile>(?, ?)\n%t5 = aie.logical_tile<ShimNOCTile>(?, ?)\n"
    text += "%t6 = aie.logical_tile<MemTile>(?, ?)\n%t7 = aie.logical_tile<MemTile>(?, ?)\n"
    big, small = "memref<64xi32>", "memref<16xi32>"
    text += f"aie.objectfifo @x(%t4, {{%t6}}, 4 : i32) : !aie.objectfifo<{big}>\n"
    text += f"aie.objectfifo @y(%t7, {{%t5}}, 4 : i32) : !aie.objectfifo<{big}>\n"
    for n in range(4):
        text += f"aie.objectfifo @x{n}(%t6, {{%t{n}}}, 4 : i32) : !aie.objectfifo<{small}>\n"
        text += f"aie.objectfifo @y{n}(%t{n}, {{%t7}}, 4 : i32) : !aie.objectfifo<{small}>\n"
    parts = ", ".join(f"@x{n}" for n in range(4))
    text += f"aie.objectfifo.link [@x] -> [{parts}]([] [0, 16, 32, 48])\n"
    text += f"aie.objectfifo.link [{parts.replace('x', 'y')}] -> [@y]([0, 16, 32, 48] [])\n"
    module = parse_module(f"aie.device(npu1) {{\n{text}\n}}")
    (device,) = devices_in(module)
    for each in (PlaceTiles(), LowerObjectFifos(), AssignDescriptorIds()):
        each.apply(device, device.model)
    used = [op.tile for op in device.body.block.ops if isinstance(op, TileOp) and op.tile.row == 1]
    assert sorted(used) == [Tile(0, 1), Tile(1, 1)]


@st.composite
def designs(draw: st.DrawFn) -> str:
    """Cores, each fed and drained by the host or by one another, some of them pinned.

    The last is always free: where the author pins every core there is nothing to choose, and it is
    `LowerObjectFifos` that refuses the channels that are too few.
    """
    count = draw(st.integers(1, 10))
    spots = draw(
        st.permutations([f"{column}, {row}" for column in range(4) for row in range(2, 6)])
    )
    pins = [draw(st.sampled_from([spots[n], "?, ?", "?, ?"])) for n in range(count - 1)]
    text = cores(*pins, "?, ?")
    shims = count
    for n in range(count):
        for into in (True, False):
            partner = draw(st.one_of(st.none(), st.integers(n + 1, count))) if not into else None
            if partner is not None and partner < count:
                text += fifo(f"f{n}_{partner}", n, partner)
            elif shims < count + 8:
                text += f"%t{shims} = aie.logical_tile<ShimNOCTile>(?, ?)\n"
                text += fifo(f"f{n}_{shims}", *((shims, n) if into else (n, shims)))
                shims += 1
    return text


@given(text=designs())
def test_every_placement_keeps_the_limits(text: str) -> None:
    try:
        places = placed(text)
    except DesignError as refusal:
        assert refusal.because is not None  # noqa: PT017
        return
    computing = places[: text.count("aie.core(")]
    assert len(set(computing)) == len(computing)
    module = parse_module(f"aie.device(npu1) {{\n{text}\n}}")
    for device in devices_in(module):
        PlaceTiles().apply(device, device.model)
        LowerObjectFifos().apply(device, device.model)
