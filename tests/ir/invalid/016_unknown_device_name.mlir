module {
  aie.device(npu9) {
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:2:14: unknown device 'npu9'; known: xcvc1902, xcve2302, xcve2802, npu1, npu1_1col, npu1_2col, npu1_3col, npu2
