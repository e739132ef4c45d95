module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(2, 4)
    %l = aie.lock(%u, 0)
    aie.core(%t) {
      aie.use_lock(%l, AcquireGreaterEqual, 1)
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:10: a lock on tile (2, 4) is used by the core on tile (0, 2)
//   because: that core reaches (0, 2), (0, 3); the use is at in.mlir:7:7
