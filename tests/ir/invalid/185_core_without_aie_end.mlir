module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %k = aie.core(%t) {
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:10: the core has an empty body
//   try: aie.end as its last operation
