"""Integers of 128 and 512 bits: moved through streams and the cascade, lowest word first."""

import numpy as np
from simulator.building import assert_agree, built, ran
from simulator.core_modules import plan_of

MODULE = """
module {
  aie.device(npu1) {
    %shim = aie.tile(0, 0)
    %sender = aie.tile(0, 4)
    %reader = aie.tile(0, 3)
    %words = aie.buffer(%reader) {sym_name = "words"} : memref<20xi32>
    %ready = aie.lock(%reader, 0) {init = 0 : i32, sym_name = "ready"}
    aie.cascade_flow(%sender, %reader)
    aie.flow(%sender, Core : 0, %reader, Core : 0)
    %core_sender = aie.core(%sender) {
      %port = arith.constant 0 : i32
      %wide = arith.constant 1339673755198158349044581307228491536 : i128
      %wider = arith.constant -3 : i512
      aie.put_stream(%port : i32, %wide : i128)
      aie.put_cascade(%wider : i512)
      aie.end
    }
    %core_reader = aie.core(%reader) {
      %port = arith.constant 0 : i32
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      // Four words that crossed as one number, each read by itself.
      scf.for %i = %c0 to %c4 step %c1 {
        %word = aie.get_stream(%port : i32) : i32
        memref.store %word, %words[%i] : memref<20xi32>
      }
      %lanes = aie.get_cascade() : vector<16xi32>
      vector.store %lanes, %words[%c4] : memref<20xi32>, vector<16xi32>
      aie.use_lock(%ready, Release, 1)
      aie.end
    }
    %mem = aie.mem(%reader) {
      %start = aie.dma_start(MM2S, 0, ^words, ^end)
    ^words:
      aie.use_lock(%ready, AcquireGreaterEqual, 1)
      aie.dma_bd(%words : memref<20xi32>, 0, 20)
      aie.next_bd ^end
    ^end:
      aie.end
    }
    aie.flow(%reader, DMA : 0, %shim, DMA : 0)
    aie.shim_dma_allocation @results(%shim, S2MM, 0)
    aie.runtime_sequence(%arg0: memref<20xi32>) {
      aiex.npu.dma_memcpy_nd(%arg0[0, 0, 0, 0][1, 1, 1, 20][0, 0, 0, 1]) {id = 0 : i64, issue_token = true, metadata = @results} : memref<20xi32>
      aiex.npu.dma_wait {symbol = @results}
    }
  }
}
"""  # noqa: E501 (lines of MLIR)


def test_words_in_order(tmp_path):
    executable = built(plan_of(MODULE), tmp_path)
    result, (words,) = ran(executable)
    assert [str(each) for each in result.findings] == []
    number = 1339673755198158349044581307228491536
    expected = [number >> shift & 0xFFFFFFFF for shift in range(0, 128, 32)]
    np.testing.assert_array_equal(words.view(np.uint32)[:4], expected)
    np.testing.assert_array_equal(words[4:], [-3, *[-1] * 15])
    assert_agree(executable)
