module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][1,1,2,2000][0,0,2040,1]) {id = 0 : i64, metadata = @g} : memref<4096xi32>
    }
  }
}
// aie-opt: rejected by parser / verifier
// accepted: written as two transfers that the descriptor can hold, as mlir-aie 1.4 does
