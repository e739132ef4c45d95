"""Fifos and links that no lowering could carry out."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "no consumer",
        """\
aie.objectfifo @f(%s, {}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has no consumer""",
    ),
    (
        "depths",
        """\
aie.objectfifo @f(%s, {%t}, [2]) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has 1 depth
  because: it has 2 ends: the producer and 1 consumer""",
    ),
    (
        "negative depth",
        """\
aie.objectfifo @f(%s, {%t}, -1 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has the depth -1
  because: the least is 1""",
    ),
    (
        "layout on shim",
        """\
aie.objectfifo @f(%s dimensionsToStream [<size = 16, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has a dimensionsToStream on tile (0, 0)
  because: a shim tile takes its layout from the runtime sequence
  try: the layout in fill or drain""",
    ),
    (
        "layout on shim consumer",
        """\
aie.objectfifo @f(%t, {%s dimensionsFromStream [<size = 16, stride = 1>]}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has a dimensionsFromStream on tile (0, 0)
  because: a shim tile takes its layout from the runtime sequence
  try: the layout in fill or drain""",
    ),
    (
        "layout zero size",
        """\
aie.objectfifo @f(%m dimensionsToStream [<size = 0, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has <size = 0, stride = 1> in its dimensionsToStream
  because: a size is at least 1, and so is the stride of a size above 1""",
    ),
    (
        "layout past object",
        """\
aie.objectfifo @f(%m dimensionsToStream [<size = 4, stride = 8>, <size = 2, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: the dimensionsToStream of ObjectFifo 'f' reaches element 25
  because: an object has 16 elements""",
    ),
    (
        "layout bf16",
        """\
aie.objectfifo @f(%m dimensionsToStream [<size = 8, stride = 1>, <size = 2, stride = 8>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xbf16>>
""",
        """\
in.mlir:7:5: the dimensionsToStream of ObjectFifo 'f' does not fit a descriptor of a memory tile
  because: innermost stride is 8; elements of 2 bytes need 1""",
    ),
    (
        "layout four dimensions",
        """\
aie.objectfifo @f(%t dimensionsToStream [<size = 2, stride = 8>, <size = 2, stride = 2>, <size = 2, stride = 4>, <size = 2, stride = 1>], {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: the dimensionsToStream of ObjectFifo 'f' does not fit a descriptor of a core tile
  because: 4 dimensions; a descriptor has 3""",
    ),
    (
        "padding on core",
        """\
aie.objectfifo @f(%t dimensionsToStream [<size = 16, stride = 1>], {%m}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>]>} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' pads what it sends
  because: its producer is tile (0, 2); only memory tiles pad""",
    ),
    (
        "padding dimensions",
        """\
aie.objectfifo @f(%m dimensionsToStream [<size = 4, stride = 4>, <size = 4, stride = 1>], {%t}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>]>} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' pads 1 dimension
  because: its layout has 2""",
    ),
    (
        "pad value",
        """\
aie.objectfifo @f(%m, {%t}, 2 : i32) {padValue = 1 : i32} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' pads with 1
  because: a memory tile of npu1 pads with 0""",
    ),
    (
        "repeat on shim",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) {repeat_count = 2 : i32} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has a repeat_count
  because: its producer is a shim tile, which the runtime sequence repeats""",
    ),
    (
        "repeat zero",
        """\
aie.objectfifo @f(%m, {%t}, 2 : i32) {repeat_count = 0 : i32} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has repeat_count 0
  because: the least is 1""",
    ),
    (
        "iterations",
        """\
aie.objectfifo @f(%m, {%t}, 2 : i32) {iter_count = 300 : i32} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has iter_count 300
  because: it is between 1 and 256""",
    ),
    (
        "iterations without memory tile",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) {iter_count = 3 : i32} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has an iter_count
  because: none of its ends is a memory tile""",
    ),
    (
        "stream port",
        """\
aie.objectfifo @f(%t, {%u}, 2 : i32) {aie_stream = 0 : i32} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has aie_stream without aie_stream_port""",
    ),
    (
        "few initial values",
        """\
aie.objectfifo @f(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<2xi32>> = [dense<1> : memref<2xi32>]
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has 1 initial value
  because: its producer has 2 objects""",
    ),
    (
        "initial shape",
        """\
aie.objectfifo @f(%m, {%t}, 1 : i32) : !aie.objectfifo<memref<2xi32>> = [dense<1> : memref<3xi32>]
""",
        """\
in.mlir:7:5: an initial value of ObjectFifo 'f' has the shape [3]
  because: an object has [2]""",
    ),
    (
        "initial on shim",
        """\
aie.objectfifo @f(%s, {%t}, 1 : i32) : !aie.objectfifo<memref<2xi32>> = [dense<1> : memref<2xi32>]
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has initial values
  because: its producer is a shim tile, which has no memory for them""",
    ),
    (
        "channel",
        """\
aie.objectfifo @f(%m, {%t}, 2 : i32) {cons_dma_channels = array<i32: 2>} : !aie.objectfifo<memref<16xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' asks for DMA channel 2 of tile (0, 2)
  because: its channels are 0..1 in each direction""",
    ),
    (
        "link unknown",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@zz]([] [])
""",
        """\
in.mlir:12:5: there is no ObjectFifo 'zz'""",
    ),
    (
        "link no meeting",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@b] -> [@c]([] [])
""",
        """\
in.mlir:12:5: the link [b] -> [c] has no tile on which all of them meet
  because: a link takes from consumers and gives to producers on one tile""",
    ),
    (
        "link both",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@d, @e] -> [@b, @c]([0, 16] [0, 16])
""",
        """\
in.mlir:12:5: the link [d, e] -> [b, c] joins and distributes at once
  try: two links with a fifo between""",
    ),
    (
        "link offsets",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0])
""",
        """\
in.mlir:12:5: the link [a] -> [b, c] has 1 offset
  because: it has 2 parts""",
    ),
    (
        "link offset past",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 40])
""",
        """\
in.mlir:12:5: the link [a] -> [b, c] has the offsets [0, 40]
  because: they must be different and inside the 32 elements of 'a'""",
    ),
    (
        "link overlap",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 8])
""",
        """\
in.mlir:12:5: the link [a] -> [b, c] gives 'b' 8 elements from 0 on
  because: its objects have 16""",
    ),
    (
        "link two offsets",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b]([0] [0])
""",
        """\
in.mlir:12:5: the link [a] -> [b] is one to one and has offsets on both sides
  try: no offsets""",
    ),
    (
        "link twice",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @e(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b]([] [])
aie.objectfifo.link [@a] -> [@c]([] [])
""",
        """\
in.mlir:13:5: ObjectFifo 'a' is the input of two links
  because: the other is at in.mlir:12:5""",
    ),
    (
        "link on core",
        """\
aie.objectfifo @a(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%t, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 16])
""",
        """\
in.mlir:10:5: the link [a] -> [b, c] distributes on tile (0, 2)
  because: only memory tiles join and distribute""",
    ),
    (
        "link repeats",
        """\
aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%m, {%t}, 2 : i32) {repeat_count = 2 : i32} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 16])
""",
        """\
in.mlir:10:5: the link [a] -> [b, c] has outputs with different repeat counts""",
    ),
    (
        "allocate via dma",
        """\
aie.objectfifo @f(%t, {%u}, 2 : i32) {via_DMA = true} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.allocate @f(%u)
""",
        """\
in.mlir:8:5: ObjectFifo 'f' is allocated on tile (0, 3) and goes over the DMA
  because: via_DMA gives each end its own objects""",
    ),
    (
        "external on core",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
%h = aie.external_buffer {sym_name = "h"} : memref<4xi32>
aie.objectfifo.register_external_buffers @f(%t, {%h}) : (memref<4xi32>)
""",
        """\
in.mlir:9:5: external buffers of ObjectFifo 'f' are registered on tile (0, 2)
  because: only a shim tile reaches the host's memory""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
