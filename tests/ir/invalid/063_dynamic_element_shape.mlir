module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<?xi32>>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:44: type should be static shaped memref, but got 'memref<?xi32>'
