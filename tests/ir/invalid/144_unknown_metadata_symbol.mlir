module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      aiex.npu.dma_memcpy_nd(%a[0,0,0,0][1,1,1,64][0,0,0,1]) {id = 0 : i64, metadata = @nobody} : memref<4096xi32>
    }
  }
}
// aie-opt: rejected by aie-dma-to-npu
// refused:
// in.mlir:7:7: a transfer names 'nobody'
//   because: no ObjectFifo or shim_dma_allocation has it
