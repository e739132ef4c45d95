module {
  aie.device(npu1) {
    %t = aie.tile(0, 1)
    %c = aie.buffer(%t) {sym_name = "c"} : memref<64xbf16>
    %k = aie.memtile_dma(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%c : memref<64xbf16>, 0, 72, [<size = 4, stride = 16>, <size = 16, stride = 1>], [<const_pad_before = 0, const_pad_after = 0>, <const_pad_before = 1, const_pad_after = 1>])
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:7: a descriptor pads 1 elements of 2 bytes before the innermost run
//   because: 2 bytes are no whole word of 4
