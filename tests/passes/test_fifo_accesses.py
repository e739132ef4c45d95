"""Cores and sequences that use fifos wrongly are refused at the author's line."""

import pytest

from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.refusals import TILES, refusal

CASES = {
    "acquire beyond the depth": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @f(Consume, 3) : !aie.objectfifosubview<memref<16xi32>>

aie.end
}""",
        """\
design.mlir:9:6: This core acquires 3 objects of ObjectFifo 'f' at once
  because: its consumer has depth 2
  try: a depth of at least 3""",
    ),
    "acquire beyond the producer's depth in shared memory": (
        TILES
        + """\
aie.objectfifo @f(%core, {%north}, [1 : i32, 2 : i32]) : !aie.objectfifo<memref<16xi32>>
aie.core(%north) {
%v = aie.objectfifo.acquire @f(Consume, 2) : !aie.objectfifosubview<memref<16xi32>>
aie.end
}
""",
        """\
design.mlir:9:6: This core acquires 2 objects of ObjectFifo 'f' at once
  because: its producer, with which it shares memory, has depth 1
  try: a depth of at least 2""",
    ),
    "release without acquire": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
aie.objectfifo.release @f(Consume, 1)

aie.end
}""",
        """\
design.mlir:9:1: This core releases an object of ObjectFifo 'f'
  because: it holds 0 there
  try: acquire 1 before this release""",
    ),
    "release of more than held": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
aie.objectfifo.release @f(Consume, 2)

aie.end
}""",
        """\
design.mlir:10:1: This core releases 2 objects of ObjectFifo 'f'
  because: it holds 1 there
  try: acquire 2 before this release""",
    ),
    "release in a loop": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%c0 = arith.constant 0 : index
%c1 = arith.constant 1 : index
%c4 = arith.constant 4 : index
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
scf.for %i = %c0 to %c4 step %c1 {
aie.objectfifo.release @f(Consume, 1)
}
aie.end
}""",
        """\
design.mlir:14:1: This core releases an object of ObjectFifo 'f'
  because: it holds 0 there
  try: acquire 1 before this release""",
    ),
    "acquire between blocks": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
cf.br ^bb1
^bb1:
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>

aie.end
}""",
        """\
design.mlir:11:6: The objects of a fifo cannot be followed here
  because: its core branches between blocks
  try: acquire and release in range_ loops, while loops and if_ only""",
    ),
    "object out of the acquired": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
%q = aie.objectfifo.subview.access %v[1] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
aie.end
}""",
        """\
design.mlir:10:6: This core looks at object 1 of ObjectFifo 'f'
  because: it acquired 1, numbered from 0""",
    ),
    "object of another type": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
%q = aie.objectfifo.subview.access %v[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<4x4xi32>
aie.end
}""",
        """\
design.mlir:10:6: This core looks at an object of ObjectFifo 'f' as memref<4x4xi32>
  because: an object is memref<16xi32>""",
    ),
    "wrong port": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @f(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>

aie.end
}""",
        """\
design.mlir:9:6: The core of tile (0, 2) is no producer of ObjectFifo 'f'
  because: its producer is on (0, 0)
  try: give this worker a producer handle of the fifo""",
    ),
    "core that is no end": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%north) {
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>

aie.end
}""",
        """\
design.mlir:9:6: The core of tile (0, 3) is no consumer of ObjectFifo 'f'
  because: its consumer is on (0, 2)
  try: give this worker a consumer handle of the fifo""",
    ),
    "unknown fifo in a core": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @g(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>

aie.end
}""",
        """\
design.mlir:9:6: There is no ObjectFifo 'g'
  because: this device has f""",
    ),
    "acquire outside a core": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%v = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>""",
        """\
design.mlir:8:6: ObjectFifo 'f' is used outside a core
  because: only the program of a core can wait for objects
  try: acquire and release in the core function and pass the objects on""",
    ),
    "core in a link": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @b(%core, {%shim}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b]([] [])
aie.core(%core) {
%v = aie.objectfifo.acquire @b(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>

aie.end
}""",
        """\
design.mlir:11:6: The core of tile (0, 2) uses ObjectFifo 'b', which is linked there
  because: the DMA moves the objects of a link on without the core
  try: leave the link out and copy in the core, or link on a memory tile""",
    ),
    "transfer on a fifo inside": (
        TILES
        + """\
aie.objectfifo @f(%core, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.runtime_sequence(%a: memref<16xi32>) {
%0 = aiex.dma_configure_task_for @f {
aie.dma_bd(%a : memref<16xi32> offset = 0 len = 16)
aie.end
}
}""",
        """\
design.mlir:9:6: The runtime sequence moves ObjectFifo 'f', which does not reach the host
  because: its ends are on tiles (0, 2), (2, 4); none is a shim tile
  try: fill or drain the fifo at the other end of its link""",
    ),
    "re-arm": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.runtime_sequence(%a: memref<16xi32>) {
aiex.dma_channel_reset_for(@f)
}""",
        """\
design.mlir:9:1: The runtime sequence re-arms ObjectFifo 'f'
  because: Ironbird does not lower dma_channel_reset_for
  try: let the fifo run on from one call to the next""",
    ),
    "external buffers": (
        TILES
        + """\
%x = aie.external_buffer : memref<16xi32>
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.register_external_buffers @f(%shim, {%x}) : (memref<16xi32>)""",
        """\
design.mlir:9:1: ObjectFifo 'f' has external buffers
  because: Ironbird moves host memory by transfers of the runtime sequence only
  try: fill or drain it in the runtime sequence""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos()) == message
