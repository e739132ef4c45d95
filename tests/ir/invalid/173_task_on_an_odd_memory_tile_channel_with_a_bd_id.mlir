module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
    aie.runtime_sequence() {
      %x = aiex.dma_configure_task(%m, MM2S, 1) {
        aie.dma_bd(%b : memref<64xi32>, 0, 64) {bd_id = 3 : i32}
        aie.end
      }
      aiex.dma_start_task(%x)
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:9: a task of channel MM2S 1 of tile (0, 1) (in.mlir:6:12) asks for descriptor 3
//   because: channel MM2S 1 of tile (0, 1) may use 24..47
