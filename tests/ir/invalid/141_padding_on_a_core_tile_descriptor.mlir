module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 80, [<size = 4, stride = 16>, <size = 16, stride = 1>], [<const_pad_before = 0, const_pad_after = 0>, <const_pad_before = 2, const_pad_after = 2>])
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:7: a descriptor pads
//   because: it is on a core tile; only memory tiles pad
