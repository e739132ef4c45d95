"""DMA programs and descriptors that the hardware cannot hold."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "program on wrong tile",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
%k = aie.mem(%m) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:9:10: aie.mem is on tile (0, 1)
  because: it is for core tiles""",
    ),
    (
        "missing channel",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 2, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:11:12: tile (0, 2) has no MM2S channel 2
  because: its channels are 0..1 in each direction""",
    ),
    (
        "bd id",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>) {bd_id = 16 : i32}
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor has bd_id 16
  because: a core tile has descriptors 0..15""",
    ),
    (
        "odd length",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi8>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi8> len = 6)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a transfer of 6 elements of 1 bytes
  because: 6 bytes are no multiple of 4""",
    ),
    (
        "odd offset",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi8>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi8> offset = 2 len = 4)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a transfer from element 2 of 1 bytes each
  because: byte 2 is no multiple of 4""",
    ),
    (
        "negative offset",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%k = aie.mem(%t) {
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> offset = -1 len = 4)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:11:7: a transfer of 4 elements from element -1 on
  because: it moves at least one element, from element 0 on or later""",
    ),
    (
        "more sizes than strides",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%k = aie.mem(%t) {
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> sizes = [2, 4] strides = [1])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:11:7: 'aie.dma_bd' is not well formed
  because: 2 sizes but 1 strides""",
    ),
    (
        "past end",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> offset = 32 len = 64)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor reaches element 95 of buffer 'b'
  because: the buffer has 64 elements""",
    ),
    (
        "layout past end",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> offset = 0 len = 64 sizes = [9, 8] strides = [8, 1])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor reaches element 71 of buffer 'b'
  because: the buffer has 64 elements""",
    ),
    (
        "stride zero",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> offset = 0 len = 64 sizes = [4, 16] strides = [0, 1])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor takes 4 steps of 0 elements
  because: it takes at least one step, of at least one element""",
    ),
    (
        "four dimensions",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> offset = 0 len = 16 sizes = [2, 2, 2, 2] strides = [8, 2, 4, 1])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: the layout does not fit a descriptor of a core tile
  because: 4 dimensions; a descriptor has 3""",
    ),
    (
        "burst",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>) {burst_length = 64 : i32}
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor on tile (0, 2) has a burst length
  because: only the shim's DMA makes bursts""",
    ),
    (
        "packet type",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd_packet(8, 1)
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: packet type 8
  because: the types are 0..7""",
    ),
    (
        "packet id",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>) {packet = #aie.packet_info<pkt_type = 0, pkt_id = 32>}
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: packet id 32
  because: the ids are 0..31""",
    ),
    (
        "two descriptors",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>)
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:14:7: a block with two descriptors
  because: each block is one descriptor; the other is at in.mlir:13:7""",
    ),
    (
        "two acquires",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.use_lock(%l, AcquireGreaterEqual, %c)
  aie.use_lock(%l, Acquire, %c)
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:14:7: a descriptor with two lock operations that acquire
  because: it has room for one; the other is at in.mlir:13:7""",
    ),
    (
        "bd padding on core",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> sizes = [64] strides = [1] pad [<const_pad_before = 1, const_pad_after = 1>])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor pads
  because: it is on a core tile; only memory tiles pad""",
    ),
    (
        "padding half word",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xbf16>
%l = aie.lock(%m)
%k = aie.memtile_dma(%m) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xbf16> sizes = [64] strides = [1] pad [<const_pad_before = 1, const_pad_after = 1>])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor pads 1 elements of 2 bytes before the innermost run
  because: 2 bytes are no whole word of 4""",
    ),
    (
        "bd padding dimensions",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
%k = aie.memtile_dma(%m) {
  %c = arith.constant 1 : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32> sizes = [64] strides = [1] pad [<const_pad_before = 1, const_pad_after = 1>, <const_pad_before = 1, const_pad_after = 1>])
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:13:7: a descriptor pads 2 dimensions
  because: its layout has 1""",
    ),
    (
        "buffer of another tile",
        """\
%b = aie.buffer(%u) {sym_name = "b"} : memref<64xi32>
%k = aie.mem(%t) {
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:11:7: the DMA of tile (0, 2) moves a buffer of tile (0, 3)
  because: the DMA of a core tile reaches its own tile's memory only""",
    ),
    (
        "channel twice",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
%k = aie.mem(%t) {
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.dma_bd(%b : memref<64xi32>)
  aie.next_bd ^bb3
^bb2:
  %y = aie.dma_start(MM2S, 0, ^bb1, ^bb3)
^bb3:
  aie.end
}
""",
        """\
in.mlir:14:12: MM2S channel 0 of tile (0, 2) is started twice
  because: its other program is at in.mlir:9:12""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
