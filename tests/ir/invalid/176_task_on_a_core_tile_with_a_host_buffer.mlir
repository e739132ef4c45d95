module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.runtime_sequence(%a : memref<64xi32>) {
      %x = aiex.dma_configure_task(%t, MM2S, 0) {
        aie.dma_bd(%a : memref<64xi32>, 0, 64)
        aie.end
      }
      aiex.dma_start_task(%x)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// refused:
// in.mlir:7:9: the DMA of a core tile moves a buffer of the host
//   because: only shim tiles reach the host's memory
