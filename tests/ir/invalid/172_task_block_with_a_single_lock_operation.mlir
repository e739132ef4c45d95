module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %b = aie.buffer(%m) {sym_name = "b"} : memref<64xi32>
    %l = aie.lock(%m)
    aie.runtime_sequence() {
      %x = aiex.dma_configure_task(%m, MM2S, 0) {
        aie.use_lock(%l, AcquireGreaterEqual, 1)
        aie.dma_bd(%b : memref<64xi32>, 0, 64)
        aie.end
      }
      aiex.dma_start_task(%x)
    }
  }
}
// aie-opt: rejected by aie-dma-tasks-to-npu
// refused:
// in.mlir:8:9: a task's descriptor with one lock operation
//   because: it takes a lock and gives one back, or neither
