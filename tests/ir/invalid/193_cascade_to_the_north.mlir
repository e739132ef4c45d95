module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.cascade_flow(%t, %u)
  }
}
// aie-opt: rejected by aie-lower-cascade-flows
// refused:
// in.mlir:5:5: there is no cascade from tile (0, 2) to tile (0, 3)
//   because: it runs to the tile on the south or on the east
