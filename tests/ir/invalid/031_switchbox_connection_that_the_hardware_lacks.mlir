module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %x = aie.switchbox(%m) {
      aie.connect<South : 0, North : 1>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:7: a memory tile does not connect South : 0 to North : 1
//   because: its switch passes North and South through on the same number only
