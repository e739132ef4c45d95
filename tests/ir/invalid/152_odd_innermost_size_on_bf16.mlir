module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xbf16>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][1,1,8,7][0,0,8,1]) {id = 0 : i64, metadata = @g} : memref<4096xbf16>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:7: the innermost run has 7 elements of 2 bytes
//   because: 14 bytes are no multiple of 4
