module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %l = aie.lock(%t, 0)
    aie.runtime_sequence() {
      aiex.set_lock(%l, 64)
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:6:7: the new value of a lock is 64
//   because: a lock holds 0..63
