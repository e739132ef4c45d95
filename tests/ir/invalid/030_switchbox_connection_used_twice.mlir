module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %x = aie.switchbox(%t) {
      aie.connect<South : 0, DMA : 0>
      aie.connect<South : 1, DMA : 0>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:6:7: port DMA : 0 of tile (0, 2) is driven twice
//   because: first at in.mlir:5:7
