module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 0, 100, [<size = 1, stride = 0>, <size = 1, stride = 0>, <size = 8, stride = 16>, <size = 8, stride = 1>])
        aie.end
      }
      aiex.dma_start_task(%t)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// refused:
// in.mlir:8:9: the transfer on 'g' is not one that the DMA of tile (0, 0) can make
//   because: its length is 100 elements, its layout [1, 1, 8, 8] visits 64 in one run
//   try: a length of 64
