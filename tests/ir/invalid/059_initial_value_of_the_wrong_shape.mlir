module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<4xi32> = dense<[1, 2, 3]>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:60: Shape mismatch in dense literal. Expected [4] shape from the type, but got [3] shape.
