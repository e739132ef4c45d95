module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %x = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32> offset = 0 len = 64)
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%x)
      aiex.dma_await_task(%x)
      aiex.dma_await_task(%x)
    }
  }
}
// aie-opt: rejected
// refused:
// in.mlir:13:7: the sequence awaits the transfer on 'g' (in.mlir:7:12) once more than it is started
//   because: each start issues one token, and every one was waited for already
//   try: one await for each start
