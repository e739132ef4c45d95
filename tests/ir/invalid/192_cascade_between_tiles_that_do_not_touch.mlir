module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(2, 4)
    aie.cascade_flow(%t, %u)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: there is no cascade from tile (0, 2) to tile (2, 4)
//   because: it runs to the tile on the south or on the east
