module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      func.call @nobody() : () -> ()
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:7: function 'nobody' is not declared
//   try: func.func private @nobody in the device
