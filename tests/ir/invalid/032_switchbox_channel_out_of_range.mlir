module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %x = aie.switchbox(%t) {
      aie.connect<South : 9, DMA : 0>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:7: tile (0, 2) has no slave port South : 9
//   because: its slave ports South are 0..5
