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
      aiex.dma_start_task(%t)
      aiex.dma_free_task(%t)
      aiex.dma_free_task(%t)
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:13:7: the sequence frees the transfer on 'g' (in.mlir:7:12) after it was freed
//   because: its descriptors are free for others since in.mlir:12:7
//   try: one free of each task, behind its last use
