module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,4000][1,1,1,512][0,0,0,1]) {id = 0 : i64, metadata = @g} : memref<4096xi32>
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:7: a descriptor of ObjectFifo 'g' (MM2S 0 of tile (0, 0)) leaves its buffer
//   because: it visits elements 4000..4511; the buffer has 0..4095
//   try: an offset and sizes that end inside the buffer
