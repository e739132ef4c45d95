module {
  aie.device(npu1) {
    %t = aie.tile(0, 1)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.memtile_dma(%t) {
      %x = aie.dma_start(MM2S, 1, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 64) {bd_id = 3 : i32}
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:8:7: a descriptor (MM2S 1 of tile (0, 1)) has id 3
//   because: its channel may use 24..47
//   try: no ids by hand: free ones are found
