module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %b = aie.buffer(%s) {sym_name = "b"} : memref<4xi32>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:10: buffer 'b' is on tile (0, 0)
//   because: a shim tile has no memory of its own
