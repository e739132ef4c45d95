module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xbf16>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][1,1,8,8][0,0,16,2]) {id = 0 : i64, metadata = @g} : memref<4096xbf16>
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:7: the transfer on 'g' is not one that the DMA of tile (0, 0) can make
//   because: contiguous run of 2 bytes is not whole 32-bit words
//   try: a tap of at most 3 dimensions and a repeat, with whole 32-bit words innermost
