module {
  aie.device(npu1) {
    aie.end
    %t = aie.tile(0, 2)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:5: 'aie.end' is not well formed
//   because: 'aie.end' must be the last operation in its parent block
