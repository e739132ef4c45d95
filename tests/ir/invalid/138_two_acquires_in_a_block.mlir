module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %l = aie.lock(%t, 0)
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.use_lock(%l, AcquireGreaterEqual, 1)
      aie.use_lock(%l, AcquireGreaterEqual, 1)
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:10:7: a descriptor with two lock operations that acquire
//   because: it has room for one; the other is at in.mlir:9:7
