module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    aie.core(%m) {
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:5: a core stands on tile (0, 1)
//   because: it is no core tile
