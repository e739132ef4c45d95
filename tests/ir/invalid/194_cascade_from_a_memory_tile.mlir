module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.cascade_flow(%m, %t)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: tile (0, 1) has no cascade
//   because: only core tiles have one
