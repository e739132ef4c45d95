module {
  aie.device(npu1) {
    %s = aie.tile(0, 0) {allocation_scheme = "bank-aware"}
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: a shim tile cannot have the allocation scheme 'bank-aware'
//   because: it has no memory of its own
