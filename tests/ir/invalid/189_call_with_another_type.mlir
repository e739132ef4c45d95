module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    func.func private @k(memref<16xi32>)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<8xi32>
    aie.core(%t) {
      func.call @k(%b) : (memref<8xi32>) -> ()
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:7: argument 0 of the call of 'k' has the type memref<8xi32>
//   because: the function takes memref<16xi32>
