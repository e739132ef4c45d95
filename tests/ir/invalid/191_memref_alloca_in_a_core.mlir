module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      %c = memref.alloca() : memref<4xi32>
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// accepted: mlir-aie 1.4 accepts it as well
