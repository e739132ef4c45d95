module {
  aie.device(npu1) {
    %a = aie.logical_tile<CoreTile>(0, 2)
    %b = aie.logical_tile<CoreTile>(0, 2)
    aie.core(%a) {
      aie.end
    }
    aie.core(%b) {
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:8:5: tile (0, 2) already has a core
//   because: each core tile runs one program; the first is at in.mlir:5:5
//   try: another tile, or one worker that does both
