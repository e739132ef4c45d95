module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.bd_chain @c(%b : memref<64xi32>) {
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.end
    }
    aie.runtime_sequence(%a : memref<32xi32>) {
      %t = aiex.dma_start_bd_chain @c(%a) : (memref<32xi32>) on (%s, MM2S, 0)
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:9:12: argument 0 of 'c' has the type memref<32xi32>
//   because: it takes memref<64xi32>
