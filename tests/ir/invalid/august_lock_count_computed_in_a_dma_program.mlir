module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<8xi32>
    %l = aie.lock(%t)
    %d = aie.mem(%t) {
      %one = arith.constant 1 : i32
      %two = arith.addi %one, %one : i32
      %x = aie.dma_start(MM2S, 0, ^one, ^end)
    ^one:
      aie.use_lock(%l, AcquireGreaterEqual, %two)
      aie.dma_bd(%b : memref<8xi32>)
      aie.next_bd ^one
    ^end:
      aie.end
    }
  }
}
// aie-opt: rejected
// refused:
// in.mlir:13:7: the count of aie.use_lock is computed
//   because: a DMA descriptor holds it as a constant
//   try: an arith.constant
