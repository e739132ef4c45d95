module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %l = aie.lock(%t, 0)
    aie.core(%t) {
      aie.use_lock(%l, AcquireGreaterEqual, -2)
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:6:7: the count of AcquireGreaterEqual is -2
//   because: a lock holds 0..63
