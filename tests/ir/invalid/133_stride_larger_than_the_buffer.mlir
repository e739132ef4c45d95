module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 64, [<size = 1, stride = 100>, <size = 16, stride = 1>])
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:7: a descriptor (MM2S 0 of tile (0, 2)) has a length that differs from its layout
//   because: the length is 64 elements; the layout has 1 x 16 = 16
