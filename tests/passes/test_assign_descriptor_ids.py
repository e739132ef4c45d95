"""Descriptors get ids that their channels may use; too many are refused."""

import pytest

from ironbird.passes.assign_descriptor_ids import AssignDescriptorIds
from ironbird.passes.assign_lock_ids import AssignLockIds
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.refusals import TILES, refusal

CASES = {
    "core tile": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 9 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @g(%core, {%shim}, 8 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:8:1: Tile (0, 2) has too few buffer descriptors
  because: 17 are needed (ObjectFifo 'f' 9, ObjectFifo 'g' 8); the tile has 16
  try: a smaller depth or repeat_count; each object takes one descriptor per part and repeat""",
    ),
    "memory tile": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 25 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @b(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b]([] [])""",
        """\
design.mlir:7:1: Tile (0, 1) has too few buffer descriptors
  because: 50 are needed (ObjectFifo 'a' 25, ObjectFifo 'b' 25); channels 0, 2, 4 share 24
  try: a smaller depth or repeat_count; each object takes one descriptor per part and repeat; \
or another memory tile (tile=) for one of the links""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos(), AssignLockIds(), AssignDescriptorIds()) == message
