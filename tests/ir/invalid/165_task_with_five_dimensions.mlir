module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 0, 32, [<size = 2, stride = 256>, <size = 2, stride = 128>, <size = 2, stride = 64>, <size = 2, stride = 32>, <size = 2, stride = 1>])
        aie.end
      }
      aiex.dma_start_task(%t)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// refused:
// in.mlir:8:9: a task of 5 dimensions
//   because: a shim tile moves 4 at once
