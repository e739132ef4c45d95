// A DMA program uses locks of its own tile only.
module {
  aie.device(npu1_1col) {
    %tile_0_2 = aie.tile(0, 2)
    %tile_0_4 = aie.tile(0, 4)
    %values = aie.buffer(%tile_0_2) {sym_name = "values"} : memref<16xi32>
    %free = aie.lock(%tile_0_4, 0) {init = 1 : i32, sym_name = "free"}
    %mem_0_2 = aie.mem(%tile_0_2) {
      %0 = aie.dma_start(S2MM, 0, ^bb1, ^bb2)
    ^bb1:
      %c1_i32 = arith.constant 1 : i32
      aie.use_lock(%free, AcquireGreaterEqual, %c1_i32) // BUG
      aie.dma_bd(%values : memref<16xi32> offset = 0 len = 16)
      aie.next_bd ^bb1
    ^bb2:
      aie.end
    }
  }
}
