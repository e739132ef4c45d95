module {
  aie.device(npu1) {
    %w = aie.logical_tile<ShimNOCTile>(0, 2)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: a shim tile cannot be in row 2
//   because: shim tiles are in row 0
