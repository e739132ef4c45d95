module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 4000, 512)
        aie.end
      }
      aiex.dma_start_task(%t)
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:8:9: a descriptor of ObjectFifo 'g' (MM2S 0 of tile (0, 0)) leaves its buffer
//   because: it visits elements 4000..4511; the buffer has 0..4095
//   try: an offset and sizes that end inside the buffer
