module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^y)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.next_bd ^z
    ^y:
      %w = aie.dma_start(MM2S, 0, ^c, ^z)
    ^c:
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:11:12: MM2S channel 0 of tile (0, 2) is started twice
//   because: its other program is at in.mlir:6:12
