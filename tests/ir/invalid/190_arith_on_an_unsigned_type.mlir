module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      %c = arith.constant 1 : ui8
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:27: a constant of type ui8: arith computes on signless integers only
