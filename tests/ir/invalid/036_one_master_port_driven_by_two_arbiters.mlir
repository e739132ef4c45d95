module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %x = aie.switchbox(%t) {
      %a = aie.amsel<0> (0)
      %b = aie.amsel<1> (0)
      %c = aie.masterset(DMA : 0, %a, %b)
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:12: master port DMA : 0 has the arbiters [0, 1]
//   because: a master port belongs to one arbiter
