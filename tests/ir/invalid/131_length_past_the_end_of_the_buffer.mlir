module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 32, 64)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:8:7: a descriptor reaches element 95 of buffer 'b'
//   because: the buffer has 64 elements
