module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %x = aie.switchbox(%t) {
      %a = aie.amsel<6> (0)
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:12: arbiter 6
//   because: a switch has the arbiters 0..5
