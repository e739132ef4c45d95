module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][1,1,1,64][0,0,0,1]) {id = 16 : i64, metadata = @g} : memref<4096xi32>
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:7: a transfer has the descriptor id 16
//   because: a shim tile has descriptors 0..15
