module {
  aie.device(npu1) {
    %w = aie.logical_tile<ShimPLTile>(?, ?)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:10: npu1 has no ShimPLTile
//   try: one of CoreTile, MemTile, ShimNOCTile
