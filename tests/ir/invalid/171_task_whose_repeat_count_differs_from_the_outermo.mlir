module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 0, 8, [<size = 4, stride = 16>, <size = 1, stride = 0>, <size = 1, stride = 0>, <size = 8, stride = 1>])
        aie.end
      } {repeat_count = 9 : i32}
      aiex.dma_start_task(%t)
    }
  }
}
// aie-opt: accepted in silence
// accepted: both numbers are used: ten runs, and the iteration starts over after four
