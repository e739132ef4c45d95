module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.rtp_write(@nobody, 0, 1)
    }
  }
}
// aie-opt: rejected by aie-dma-to-npu
// refused:
// in.mlir:7:7: there is no buffer 'nobody' for a run-time parameter
