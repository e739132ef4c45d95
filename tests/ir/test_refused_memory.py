"""Buffers and locks outside of what a tile has, or out of reach."""

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "buffer on shim",
        """\
%b = aie.buffer(%s) {sym_name = "b"} : memref<4xi32>
""",
        """\
in.mlir:7:10: buffer 'b' is on tile (0, 0)
  because: a shim tile has no memory of its own""",
    ),
    (
        "element without a layout",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<4xi7>
""",
        """\
in.mlir:7:10: buffer 'b' has elements of type i7
  try: one of i8, i16, i32, i64, ui8, ui16, ui32, ui64, bf16, f16, f32, f64, i1""",
    ),
    (
        "bank",
        """\
%b = aie.buffer(%t) {mem_bank = 4 : i32, sym_name = "b"} : memref<4xi32>
""",
        """\
in.mlir:7:10: buffer 'b' is in bank 4
  because: the banks of tile (0, 2) are 0..3""",
    ),
    (
        "address beyond",
        """\
%b = aie.buffer(%t) {address = 65504 : i32, sym_name = "b"} : memref<16xi32>
""",
        """\
in.mlir:7:10: buffer 'b' does not fit the memory of tile (0, 2)
  because: 64 bytes at address 65504 end beyond 65536""",
    ),
    (
        "address unaligned",
        """\
%b = aie.buffer(%t) {address = 1040 : i32, sym_name = "b"} : memref<16xi32>
""",
        """\
in.mlir:7:10: buffer 'b' is at address 1040
  because: an address on a core tile is a multiple of 32 bytes
  try: aligned = false""",
    ),
    (
        "buffer out of reach",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(2, 4)
    %b = aie.buffer(%u) {sym_name = "far"} : memref<4xi32>
    aie.core(%t) {
      %c = arith.constant 0 : index
      %v = memref.load %b[%c] : memref<4xi32>
      aie.end
    }
  }
}
""",
        """\
in.mlir:5:10: buffer 'far' on tile (2, 4) is used by the core on tile (0, 2)
  because: that core reaches (0, 2), (0, 3); the use is at in.mlir:8:12""",
    ),
    (
        "lock out of reach",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(1, 2)
    %l = aie.lock(%u) {sym_name = "far"}
    aie.core(%t) {
      %c = arith.constant 1 : i32
      aie.use_lock(%l, Release, %c)
      aie.end
    }
  }
}
""",
        """\
in.mlir:5:10: lock 'far' on tile (1, 2) is used by the core on tile (0, 2)
  because: that core reaches (0, 2), (0, 3); the use is at in.mlir:8:7""",
    ),
    (
        "lock id",
        """\
%l = aie.lock(%t, 16)
""",
        """\
in.mlir:7:10: a lock has the id 16
  because: the locks of tile (0, 2) are 0..15""",
    ),
    (
        "lock id memory tile",
        """\
%l = aie.lock(%m, 64) {sym_name = "l"}
""",
        """\
in.mlir:7:10: lock 'l' has the id 64
  because: the locks of tile (0, 1) are 0..63""",
    ),
    (
        "lock init",
        """\
%l = aie.lock(%t) {init = 64 : i32, sym_name = "l"}
""",
        """\
in.mlir:7:10: the first value of lock 'l' is 64
  because: a lock holds 0..63""",
    ),
    (
        "use lock outside",
        """\
%l = aie.lock(%t)
%c = arith.constant 1 : i32
aie.use_lock(%l, Release, %c)
""",
        """\
in.mlir:9:5: aie.use_lock stands outside of a core, a function, a DMA program and a task""",
    ),
    (
        "negative count",
        """\
%l = aie.lock(%t)
aie.core(%t) {
  %c = arith.constant -2 : i32
  aie.use_lock(%l, AcquireGreaterEqual, %c)
  aie.end
}
""",
        """\
in.mlir:10:7: the count of AcquireGreaterEqual is -2
  because: a lock holds 0..63""",
    ),
    (
        "use lock in chain",
        """\
%l = aie.lock(%s)
aie.bd_chain @c(%b: memref<4xi32>) {
  %c = arith.constant 1 : i32
  aie.use_lock(%l, Release, %c)
  aie.end
}
""",
        """\
in.mlir:10:7: aie.use_lock stands in an aie.bd_chain
  because: its tile is not known there""",
    ),
    (
        "computed count in dma",
        """\
%b = aie.buffer(%t) {sym_name = "b"} : memref<4xi32>
%l = aie.lock(%t)
%k = aie.mem(%t) {
  %c = arith.constant 1 : i32
  %n = arith.addi %c, %c : i32
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  aie.use_lock(%l, AcquireGreaterEqual, %n)
  aie.dma_bd(%b : memref<4xi32>)
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:14:7: the count of aie.use_lock is computed
  because: a DMA descriptor holds it as a constant
  try: an arith.constant""",
    ),
    (
        "set lock",
        """\
%l = aie.lock(%t) {sym_name = "l"}
aie.runtime_sequence() {
  aiex.set_lock(%l, 64)
}
""",
        """\
in.mlir:9:7: the new value of lock 'l' is 64
  because: a lock holds 0..63""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
