module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][65,1,1,8][8,0,0,1]) {id = 0 : i64, metadata = @g} : memref<4096xi32>
    }
  }
}
// aie-opt: accepted in silence
// accepted: written as transfers of at most 64 steps; all 65 are made
