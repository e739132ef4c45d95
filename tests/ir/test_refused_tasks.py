"""Tasks that no channel can run."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "task channel",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_configure_task(%s, MM2S, 2) {
    aie.dma_bd(%a : memref<64xi32>)
    aie.end
  }
}
""",
        """\
in.mlir:10:12: tile (0, 0) has no MM2S channel 2
  because: its channels are 0..1 in each direction""",
    ),
    (
        "task repeat",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_configure_task(%s, MM2S, 0) {
    aie.dma_bd(%a : memref<64xi32>)
    aie.end
  } {repeat_count = 256 : i32}
}
""",
        """\
in.mlir:10:12: a task has repeat_count 256
  because: the queue of a channel holds 0..255""",
    ),
    (
        "task dimensions",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_configure_task(%s, MM2S, 0) {
    aie.dma_bd(%a : memref<64xi32> offset = 0 len = 32 sizes = [2, 2, 2, 2, 2] strides = [16, 8, 4, 2, 1])
    aie.end
  }
}
""",
        """\
in.mlir:11:9: a task of 5 dimensions
  because: a shim tile moves 4 at once""",
    ),
    (
        "task burst",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_configure_task(%s, MM2S, 0) {
    aie.dma_bd(%a : memref<64xi32>) {burst_length = 100 : i32}
    aie.end
  }
}
""",
        """\
in.mlir:11:9: a burst of 100 bytes
  because: a shim tile makes 64, 128, 256""",
    ),
    (
        "task host buffer",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_configure_task(%t, MM2S, 0) {
    aie.dma_bd(%a : memref<64xi32>)
    aie.end
  }
}
""",
        """\
in.mlir:11:9: the DMA of a core tile moves a buffer of the host
  because: only shim tiles reach the host's memory""",
    ),
    (
        "task one lock",
        """\
%b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
%l = aie.lock(%m)
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_configure_task(%m, MM2S, 0) {
    %c = arith.constant 1 : i32
    aie.use_lock(%l, AcquireGreaterEqual, %c)
    aie.dma_bd(%b : memref<64xi32>)
    aie.end
  }
}
""",
        """\
in.mlir:12:9: a task's descriptor with one lock operation
  because: it takes a lock and gives one back, or neither""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
