module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%t, MM2S, 0)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:5: shim_dma_allocation @g names tile (0, 2)
//   because: it is no shim tile
