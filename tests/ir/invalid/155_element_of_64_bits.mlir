module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi64>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][1,1,1,64][0,0,0,1]) {id = 0 : i64, metadata = @g} : memref<4096xi64>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:7: a transfer of elements of 8 bytes
//   because: an element has at most 4
//   try: a view of the buffer as i32
