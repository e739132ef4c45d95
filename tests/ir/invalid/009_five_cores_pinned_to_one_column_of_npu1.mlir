module {
  aie.device(npu1) {
    %w0 = aie.logical_tile<CoreTile>(0, ?)
    aie.core(%w0) {
      aie.end
    }
    %w1 = aie.logical_tile<CoreTile>(0, ?)
    aie.core(%w1) {
      aie.end
    }
    %w2 = aie.logical_tile<CoreTile>(0, ?)
    aie.core(%w2) {
      aie.end
    }
    %w3 = aie.logical_tile<CoreTile>(0, ?)
    aie.core(%w3) {
      aie.end
    }
    %w4 = aie.logical_tile<CoreTile>(0, ?)
    aie.core(%w4) {
      aie.end
    }
  }
}
// aie-opt: rejected by aie-place-tiles
// refused:
// in.mlir:20:5: No core tile (0, ?) is left for this worker
//   because: 5 workers ask for one; 4 are free
//   try: leave the tile open
