module {
  aie.device(npu1) {
    %w = aie.logical_tile<ComputeTile>(?, ?)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:3:27: unknown tile type 'ComputeTile'; known: CoreTile, MemTile, ShimNOCTile, ShimPLTile
