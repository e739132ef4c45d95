module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 32)
      aie.dma_bd(%b : memref<64xi32>, 32, 32)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:9:7: a block with two descriptors
//   because: each block is one descriptor; the other is at in.mlir:8:7
