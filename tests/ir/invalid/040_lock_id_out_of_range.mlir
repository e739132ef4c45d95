module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.lock(%t, 16)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:10: a lock has the id 16
//   because: the locks of tile (0, 2) are 0..15
