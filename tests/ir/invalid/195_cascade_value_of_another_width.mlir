module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      %v = arith.constant dense<0> : vector<8xi32>
      aie.put_cascade(%v : vector<8xi32>)
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:6:7: a cascade value of type vector<8xi32>
//   because: it has 256 bits; the cascade is 512 bits wide
