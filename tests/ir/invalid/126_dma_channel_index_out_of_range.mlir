module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(S2MM, 2, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:6:12: tile (0, 2) has no S2MM channel 2
//   because: its channels are 0..1 in each direction
