module {
  aie.device(npu1) {
    %t = aie.tile(4, 2)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: tile (4, 2) is outside npu1
//   because: npu1 has columns 0..3 and rows 0..5
