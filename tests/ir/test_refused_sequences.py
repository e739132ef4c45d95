"""Runtime sequences that name what is not there, or numbers that do not fit."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "allocation on core",
        """\
aie.shim_dma_allocation @g(%t, MM2S, 0)
""",
        """\
in.mlir:7:5: shim_dma_allocation @g names tile (0, 2)
  because: it is no shim tile""",
    ),
    (
        "allocation channel",
        """\
aie.shim_dma_allocation @g(%s, MM2S, 2)
""",
        """\
in.mlir:7:5: shim_dma_allocation @g names channel 2
  because: a shim tile has channels 0..1 in each direction""",
    ),
    (
        "task unknown",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  %x = aiex.dma_configure_task_for @nobody {
    aie.dma_bd(%a : memref<64x64xi16>)
    aie.end
  }
}
""",
        """\
in.mlir:10:12: a task names 'nobody'
  because: no ObjectFifo or shim_dma_allocation has it""",
    ),
    (
        "wait unknown",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_wait {symbol = @nobody}
}
""",
        """\
in.mlir:10:7: a wait names 'nobody'
  because: no ObjectFifo or shim_dma_allocation has it""",
    ),
    (
        "memcpy unknown",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 8][0, 0, 0, 1]) {id = 0 : i64, metadata = @nobody} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: a transfer names 'nobody'
  because: no ObjectFifo or shim_dma_allocation has it""",
    ),
    (
        "memcpy id",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 8][0, 0, 0, 1]) {id = 16 : i64, metadata = @give} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: a transfer has the descriptor id 16
  because: a shim tile has descriptors 0..15""",
    ),
    (
        "memcpy run",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 7][0, 0, 0, 1]) {id = 0 : i64, metadata = @give} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: the innermost run has 7 elements of 2 bytes
  because: 14 bytes are no multiple of 4""",
    ),
    (
        "memcpy stride",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 2, 8][0, 0, 9, 1]) {id = 0 : i64, metadata = @give} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: a stride of 9 elements of 2 bytes
  because: 18 bytes are no multiple of 4""",
    ),
    (
        "memcpy far stride",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 2, 8][0, 0, 4000000, 1]) {id = 0 : i64, metadata = @give} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: a stride of 4000000 elements of 2 bytes
  because: a shim tile steps by at most 4194304 bytes""",
    ),
    (
        "memcpy offset",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 3][1, 1, 1, 8][0, 0, 0, 1]) {id = 0 : i64, metadata = @give} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: a transfer from element 3 of 2 bytes each
  because: byte 6 is no multiple of 4""",
    ),
    (
        "memcpy burst",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 8][0, 0, 0, 1]) {burst_length = 100 : i64, id = 0 : i64, metadata = @give} : memref<64x64xi16>
}
""",
        """\
in.mlir:10:7: a burst of 100 bytes
  because: a shim tile makes 64, 128, 256""",
    ),
    (
        "memcpy element",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<8xi64>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 1, 8][0, 0, 0, 1]) {id = 0 : i64, metadata = @give} : memref<8xi64>
}
""",
        """\
in.mlir:10:7: a transfer of elements of 8 bytes
  because: an element has at most 4
  try: a view of the buffer as i32""",
    ),
    (
        "memcpy size",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
aie.runtime_sequence(%a: memref<8xi32>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 0, 8][0, 0, 0, 1]) {id = 0 : i64, metadata = @give} : memref<8xi32>
}
""",
        """\
in.mlir:9:7: a transfer has the size 0
  because: the least is 1""",
    ),
    (
        "memcpy dimensions",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
aie.runtime_sequence(%a: memref<8xi32>) {
  aiex.npu.dma_memcpy_nd(%a[0, 0, 0, 0][1, 1, 8][0, 0, 0, 1]) {id = 0 : i64, metadata = @give} : memref<8xi32>
}
""",
        """\
in.mlir:9:7: a transfer has 3 sizes
  because: it has four dimensions""",
    ),
    (
        "rtp unknown",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  %c = arith.constant 1 : i32
  aiex.npu.rtp_write(@nobody, 0, %c) : i32
}
""",
        """\
in.mlir:11:7: there is no buffer 'nobody' for a run-time parameter""",
    ),
    (
        "rtp past end",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  %c = arith.constant 1 : i32
  aiex.npu.rtp_write(@knobs, 4, %c) : i32
}
""",
        """\
in.mlir:11:7: word 4 of buffer 'knobs' is written
  because: the buffer has 4 words of 32 bits""",
    ),
    (
        "configure unknown",
        """\
aie.shim_dma_allocation @give(%s, MM2S, 0)
%k = aie.buffer(%t) {sym_name = "knobs"} : memref<4xi32>
aie.runtime_sequence(%a: memref<64x64xi16>) {
  aiex.configure @ghost {
  }
}
""",
        """\
in.mlir:10:7: there is no device 'ghost' to configure""",
    ),
    (
        "run unknown",
        """\
module {
  aie.device(npu1) @one {
  }
  aie.device(npu1) {
    aie.runtime_sequence(%a: memref<4xi32>) {
      aiex.configure @one {
        aiex.run @go(%a) : (memref<4xi32>)
      }
    }
  }
}
""",
        """\
in.mlir:7:9: there is no sequence 'go' in the configured device""",
    ),
    (
        "run type",
        """\
module {
  aie.device(npu1) @one {
    aie.runtime_sequence @go(%a: memref<8xi32>) {
    }
  }
  aie.device(npu1) {
    aie.runtime_sequence(%a: memref<4xi32>) {
      aiex.configure @one {
        aiex.run @go(%a) : (memref<4xi32>)
      }
    }
  }
}
""",
        """\
in.mlir:9:9: argument 0 of 'go' has the type memref<4xi32>
  because: it takes memref<8xi32>""",
    ),
    (
        "chain type",
        """\
aie.bd_chain @c(%b: memref<64xi32>) {
  aie.dma_bd(%b : memref<64xi32>)
  aie.end
}
aie.runtime_sequence(%a: memref<32xi32>) {
  %x = aiex.dma_start_bd_chain @c(%a) : (memref<32xi32>) on (%s, MM2S, 0)
}
""",
        """\
in.mlir:12:12: argument 0 of 'c' has the type memref<32xi32>
  because: it takes memref<64xi32>""",
    ),
    (
        "chain count",
        """\
aie.bd_chain @c(%b: memref<64xi32>) {
  aie.dma_bd(%b : memref<64xi32>)
  aie.end
}
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_start_bd_chain @c(%a, %a) : (memref<64xi32>, memref<64xi32>) on (%s, MM2S, 0)
}
""",
        """\
in.mlir:12:12: 'c' is given 2 arguments
  because: it takes 1""",
    ),
    (
        "chain unknown",
        """\
aie.runtime_sequence(%a: memref<64xi32>) {
  %x = aiex.dma_start_bd_chain @c(%a) : (memref<64xi32>) on (%s, MM2S, 0)
}
""",
        """\
in.mlir:8:12: there is no bd_chain 'c'""",
    ),
    (
        "nine trace events",
        """\
aie.trace @w(%t) {
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
  aie.trace.event <"LOCK_STALL">
}
""",
        """\
in.mlir:7:5: trace 'w' has 9 events
  because: a trace unit records 8""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
