module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.bd_chain @c(%b : memref<64xi32>, %l : index) {
      aie.use_lock(%l, AcquireGreaterEqual, 1)
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:7: aie.use_lock stands in an aie.bd_chain
//   because: its tile is not known there
