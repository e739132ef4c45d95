module {
  aie.device(npu1) {
    %w = aie.logical_tile<CoreTile>(0, 1)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: a core tile cannot be in row 1
//   because: core tiles are in rows 2..5
