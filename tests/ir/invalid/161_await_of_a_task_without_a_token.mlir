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
      aiex.dma_await_task(%t)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// refused:
// in.mlir:12:7: the sequence awaits the transfer on 'g' (in.mlir:7:12), which issues no token
//   because: only a task with issue_token tells that it is done
//   try: wait=True where the transfer is written, or issue_token on the task
