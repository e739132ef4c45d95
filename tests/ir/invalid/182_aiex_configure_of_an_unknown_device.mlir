module {
  aie.device(npu1) {
    aie.runtime_sequence(%y : memref<8xi32>) {
      aiex.configure @ghost {
      }
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:7: there is no device 'ghost' to configure
