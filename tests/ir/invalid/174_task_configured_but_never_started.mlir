module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 0, 64)
        aie.end
      }
    }
  }
}
// aie-opt: accepted in silence
// accepted: a descriptor that is written and never started moves nothing
