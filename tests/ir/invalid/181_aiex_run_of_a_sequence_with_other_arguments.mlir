module {
  aie.device(npu1) @one {
    aie.runtime_sequence @go(%x : memref<4xi32>) {
    }
  }
  aie.device(npu1) {
    aie.runtime_sequence(%y : memref<8xi32>) {
      aiex.configure @one {
        aiex.run @go(%y) : (memref<8xi32>)
      }
    }
  }
}
// aie-opt: rejected by aie-materialize-runtime-sequences
// refused:
// in.mlir:9:9: argument 0 of 'go' has the type memref<8xi32>
//   because: it takes memref<4xi32>
