module {
  aie.device(npu1_1col) {
    %t = aie.tile(1, 2)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: tile (1, 2) is outside npu1_1col
//   because: npu1_1col has columns 0..0 and rows 0..5
