module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      aie.end
    }
    aie.core(%t) {
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:5: tile (0, 2) already has a core
//   because: each core tile runs one program; the first is at in.mlir:4:5
//   try: another tile, or one worker that does both
