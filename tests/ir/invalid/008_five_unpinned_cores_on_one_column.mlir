module {
  aie.device(npu1_1col) {
    %w0 = aie.logical_tile<CoreTile>(?, ?)
    aie.core(%w0) {
      aie.end
    }
    %w1 = aie.logical_tile<CoreTile>(?, ?)
    aie.core(%w1) {
      aie.end
    }
    %w2 = aie.logical_tile<CoreTile>(?, ?)
    aie.core(%w2) {
      aie.end
    }
    %w3 = aie.logical_tile<CoreTile>(?, ?)
    aie.core(%w3) {
      aie.end
    }
    %w4 = aie.logical_tile<CoreTile>(?, ?)
    aie.core(%w4) {
      aie.end
    }
  }
}
// aie-opt: rejected by aie-place-tiles
// refused:
// in.mlir:20:5: No core tile is left for this worker
//   because: 5 workers need a tile each; npu1_1col has 4
//   try: fewer workers, or a device with more columns
