"""Fifos that their tiles cannot carry out are refused by name, number and remedy."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.refusals import TILES, refusal

CASES = {
    "an end that is not placed": (
        """\
%a = aie.logical_tile<CoreTile>(?, ?)
%core = aie.tile(0, 2)
aie.objectfifo @f(%core, {%a}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:4:1: ObjectFifo 'f' has a consumer that is not placed
  because: its tile is still logical
  try: run the pass place-tiles first""",
    ),
    "too few depths": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, [2 : i32]) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has too few depths
  because: it gives 1; it has 2 ends
  try: one depth for all ends, or one for each""",
    ),
    "depth zero": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 0 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has depth 0
  because: an end needs at least 1 object
  try: depth 2, so that producer and consumer overlap""",
    ),
    "stream end on a memory tile": (
        TILES
        + """\
aie.objectfifo @f(%memory, {%core}, 2 : i32) {aie_stream = 0 : i32, aie_stream_port = 0 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has a stream end on tile (0, 1)
  because: that is a memory tile; only a core has a stream of its own
  try: aie_stream for the other end""",
    ),
    "stream port that no core has": (
        TILES
        + """\
aie.objectfifo @f(%core, {%far}, 2 : i32) {aie_stream = 1 : i32, aie_stream_port = 1 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' asks for stream port 1 of a core
  because: a core has 1 each way, numbered from 0""",
    ),
    "layout on a stream end": (
        TILES
        + """\
aie.objectfifo @f(%core, {%far dimensionsFromStream [<size = 16, stride = 1>]}, 2 : i32) {aie_stream = 2 : i32, aie_stream_port = 0 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has a layout where its consumer end is a core's stream
  because: a stream has no memory and no DMA
  try: the option at the other end, or no aie_stream""",
    ),
    "acquire on a stream end": (
        TILES
        + """\
aie.objectfifo @f(%core, {%far}, 2 : i32) {aie_stream = 0 : i32, aie_stream_port = 0 : i32} : !aie.objectfifo<memref<16xi32>>
aie.core(%core) {
%v = aie.objectfifo.acquire @f(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
aie.end
}""",
        """\
design.mlir:9:6: The core of tile (0, 2) uses ObjectFifo 'f', whose producer is its stream
  because: words on stream port 0 are no objects in memory
  try: get_stream and put_stream, or get_ss and put_ms in a kernel""",
    ),
    "linked stream end": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) {aie_stream = 1 : i32, aie_stream_port = 0 : i32} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @g(%core, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@f] -> [@g]([] [])""",
        """\
design.mlir:9:1: The link [f] -> [g] has an end of ObjectFifo 'f' that is a core's stream
  because: the DMA moves the objects of a link; a stream of a core passes it by
  try: no aie_stream on the shared tile""",
    ),
    "plio": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) {plio = true} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' asks for PLIO
  because: npu1 has no programmable logic beside its shim tiles
  try: plio=False""",
    ),
    "layout on a shim producer": (
        TILES
        + """\
aie.objectfifo @f(%shim dimensionsToStream [<size = 16, stride = 1>], {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has a layout to the stream on a shim tile
  because: the runtime sequence fills it and decides what a transfer does
  try: describe the order in the fill or drain of the runtime sequence""",
    ),
    "layout on a shim consumer": (
        TILES
        + """\
aie.objectfifo @f(%core, {%shim dimensionsFromStream [<size = 16, stride = 1>]}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has a layout from the stream on a shim tile
  because: the runtime sequence drains it and decides what a transfer does
  try: describe the order in the fill or drain of the runtime sequence""",
    ),
    "repeat on a shim": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) {repeat_count = 2 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has a repeat_count on a shim tile
  because: the runtime sequence fills it and decides what a transfer does
  try: repeat in the fill of the runtime sequence""",
    ),
    "initial values on a shim": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 1 : i32) : !aie.objectfifo<memref<16xi32>> = [dense<1> : memref<16xi32>]""",
        """\
design.mlir:7:1: ObjectFifo 'f' has initial values on a shim tile
  because: the runtime sequence fills it and decides what a transfer does
  try: leave init_values out""",
    ),
    "two shim consumers": (
        TILES
        + """\
%shim1 = aie.tile(1, 0)
aie.objectfifo @f(%core, {%shim, %shim1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:8:1: ObjectFifo 'f' has 2 consumers on shim tiles
  because: a transfer of the runtime sequence names one
  try: one fifo for each drain""",
    ),
    "from shim to shim": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%shim}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
design.mlir:7:1: ObjectFifo 'f' leads from a shim tile to a shim tile
  because: a transfer of the runtime sequence names a fifo, not one of its ends
  try: forward it through a memory tile: fill one fifo, drain the other""",
    ),
    "two consumers on one core": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core, %core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
design.mlir:7:1: ObjectFifo 'f' has 2 consumers on tile (0, 2)
  because: a core takes the objects of a fifo through one handle
  try: pass the same cons() handle wherever this worker uses the fifo""",
    ),
    "iter_count off memory tiles": (
        TILES
        + """\
aie.objectfifo @f(%core, {%shim}, 2 : i32) {iter_count = 2 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has an iter_count
  because: its producer is the core tile (0, 2); only a memory tile stops after a count
  try: leave iter_count out""",
    ),
    "iter_count too large": (
        TILES
        + """\
aie.objectfifo @f(%memory, {%core}, 2 : i32) {iter_count = 300 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has iter_count 300
  because: a DMA channel repeats a task 1 to 256 times""",
    ),
    "padding off memory tiles": (
        TILES
        + """\
aie.objectfifo @f(%core dimensionsToStream [<size = 16, stride = 1>], {%shim}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>]>} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has padding
  because: its producer is the core tile (0, 2); only the DMA of a memory tile adds zeros
  try: forward it through a memory tile and pad there""",
    ),
    "padding of other dimensions": (
        TILES
        + """\
aie.objectfifo @f(%memory dimensionsToStream [<size = 4, stride = 4>, <size = 4, stride = 1>], {%core}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>]>} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' has padding for another number of dimensions
  because: 1 in the padding, 2 in the layout
  try: one (before, after) pair per dimension of to_stream""",
    ),
    "padding with another value": (
        TILES
        + """\
aie.objectfifo @f(%memory dimensionsToStream [<size = 16, stride = 1>], {%core}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>]>, padValue = 3 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' pads with 3
  because: npu1 pads with 0 only
  try: pad_value=0""",
    ),
    "values for some objects": (
        TILES
        + """\
aie.objectfifo @f(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>> = [dense<1> : memref<16xi32>]""",
        """\
design.mlir:7:1: ObjectFifo 'f' has initial values for some of its objects
  because: values for 1; the producer has 2 objects
  try: one value per object""",
    ),
    "values of another shape": (
        TILES
        + """\
aie.objectfifo @f(%memory, {%core}, 1 : i32) : !aie.objectfifo<memref<16xi32>> = [dense<1> : memref<8xi32>]""",
        """\
design.mlir:7:1: ObjectFifo 'f' has an initial value of another shape
  because: the value has shape [8], an object [16]""",
    ),
    "more repeats than a lock counts": (
        TILES
        + """\
aie.objectfifo @up(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @on(%memory, {%core}, 2 : i32) {repeat_count = 40 : i32} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@up] -> [@on]([] [])""",
        """\
design.mlir:7:1: ObjectFifo 'up' counts further than a lock can
  because: 2 objects x repeat_count 40 = 80; a lock of tile (0, 1) holds at most 63
  try: a repeat_count of at most 31""",
    ),
    "nothing fills": (
        TILES
        + """\
aie.objectfifo @f(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: Nothing fills ObjectFifo 'f'
  because: its producer is memory tile (0, 1), which has no core, and no link leads into it
  try: forward, split or join another fifo into it, or give init_values""",
    ),
    "nothing empties": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: Nothing empties ObjectFifo 'f'
  because: its consumer is memory tile (0, 1), which has no core, and no link leads out of it
  try: forward, split or join it into another fifo""",
    ),
    "delegate out of reach": (
        TILES
        + """\
aie.objectfifo @f(%core, {%north}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.allocate @f(%far)""",
        """\
design.mlir:8:1: ObjectFifo 'f' cannot keep its objects in the memory of tile (2, 4)
  because: the producer (0, 2) and the consumer (0, 3) both reach only (0, 2), (0, 3)
  try: delegate_tile (0, 2)""",
    ),
    "delegate with DMA": (
        TILES
        + """\
aie.objectfifo @f(%core, {%north}, 2 : i32) {via_DMA = true} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.allocate @f(%north)""",
        """\
design.mlir:8:1: ObjectFifo 'f' cannot keep its objects in the memory of tile (0, 3)
  because: its ends use the DMA: it has via_DMA
  try: leave delegate_tile out""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos()) == message
