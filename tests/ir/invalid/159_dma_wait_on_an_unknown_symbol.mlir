module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.dma_wait {symbol = @nobody}
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:7: a wait names 'nobody'
//   because: no ObjectFifo or shim_dma_allocation has it
