module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @nobody {
        aie.dma_bd(%a : memref<4096xi32>, 0, 64)
        aie.end
      }
      aiex.dma_start_task(%t)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// refused:
// in.mlir:7:12: a task names 'nobody'
//   because: no ObjectFifo or shim_dma_allocation has it
