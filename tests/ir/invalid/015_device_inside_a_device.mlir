module {
  aie.device(npu1) {
    aie.device(npu1) @inner {
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:5: device @inner stands inside another operation
