"""Locks get ids in the order of the text; tiles without enough are refused."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from ironbird.passes.assign_lock_ids import AssignLockIds
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.refusals import refusal

CASES = {
    "seventeen by hand": (
        """\
%core = aie.tile(0, 2)
%l0 = aie.lock(%core) {sym_name = "l0"}
%l1 = aie.lock(%core) {sym_name = "l1"}
%l2 = aie.lock(%core)
%l3 = aie.lock(%core)
%l4 = aie.lock(%core)
%l5 = aie.lock(%core)
%l6 = aie.lock(%core)
%l7 = aie.lock(%core)
%l8 = aie.lock(%core)
%l9 = aie.lock(%core)
%l10 = aie.lock(%core)
%l11 = aie.lock(%core)
%l12 = aie.lock(%core)
%l13 = aie.lock(%core)
%l14 = aie.lock(%core)
%l15 = aie.lock(%core)
%l16 = aie.lock(%core)""",
        """\
design.mlir:19:8: Tile (0, 2) has too few locks
  because: 17 are needed (lock 'l0' 1, lock 'l1' 1, lock without a name 15); the tile has 16
  try: fewer fifos at this tile; each takes two locks per part""",
    ),
    "nine fifos between neighbours": (
        """\
%core = aie.tile(0, 2)
%north = aie.tile(0, 3)
aie.objectfifo @f0(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f1(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f2(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f3(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f4(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f5(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f6(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f7(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f8(%core, {%north}, 1 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:4:1: Tile (0, 2) has too few locks
  because: 18 are needed (ObjectFifo 'f8' 2, ObjectFifo 'f7' 2, ObjectFifo 'f6' 2, ObjectFifo 'f5' 2, ObjectFifo 'f4' 2, ObjectFifo 'f3' 2, ObjectFifo 'f2' 2, ObjectFifo 'f1' 2, ObjectFifo 'f0' 2); the tile has 16
  try: fewer fifos at this tile; each takes two locks per part""",
    ),
    "one id twice": (
        """\
%core = aie.tile(0, 2)
%a = aie.lock(%core, 3) {sym_name = "a"}
%b = aie.lock(%core, 3) {sym_name = "b"}""",
        """\
design.mlir:4:6: Lock 'b' of tile (0, 2) has id 3
  because: lock 'a' at design.mlir:3:6 has it already
  try: leave one id out to have it chosen""",
    ),
    "id out of range": (
        """\
%core = aie.tile(0, 2)
%a = aie.lock(%core, 16) {sym_name = "a"}""",
        """\
design.mlir:3:6: Lock 'a' has id 16
  because: tile (0, 2) has locks 0..15""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos(), AssignLockIds()) == message
