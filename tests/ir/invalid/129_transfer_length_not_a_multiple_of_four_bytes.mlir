module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %c = aie.buffer(%t) {sym_name = "c"} : memref<64xi8>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%c : memref<64xi8>, 0, 6)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:7: a transfer of 6 elements of 1 bytes
//   because: 6 bytes are no multiple of 4
