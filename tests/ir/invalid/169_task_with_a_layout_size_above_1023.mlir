module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<8192xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<8192xi32>, 0, 4000, [<size = 1, stride = 0>, <size = 1, stride = 0>, <size = 2, stride = 4096>, <size = 2000, stride = 1>])
        aie.end
      }
      aiex.dma_start_task(%t)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// accepted: written as transfers that the descriptor can hold
