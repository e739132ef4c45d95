module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xbf16>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,3][1,1,8,8][0,0,8,1]) {id = 0 : i64, metadata = @g} : memref<4096xbf16>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:7: a transfer from element 3 of 2 bytes each
//   because: byte 6 is no multiple of 4
