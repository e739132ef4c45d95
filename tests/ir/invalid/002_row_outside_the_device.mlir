module {
  aie.device(npu1) {
    %t = aie.tile(0, 6)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: tile (0, 6) is outside npu1
//   because: npu1 has columns 0..3 and rows 0..5
