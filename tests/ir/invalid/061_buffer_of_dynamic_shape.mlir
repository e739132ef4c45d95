module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "dyn"} : memref<?xi32>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:46: type should be static shaped memref, but got 'memref<?xi32>'
