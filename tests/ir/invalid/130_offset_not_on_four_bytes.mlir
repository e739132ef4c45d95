module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %c = aie.buffer(%t) {sym_name = "c"} : memref<64xi8>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%c : memref<64xi8>, 2, 8)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by aie-assign-buffer-addresses
// refused:
// in.mlir:8:7: a transfer from element 2 of 1 bytes each
//   because: byte 2 is no multiple of 4
