module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "same"} : memref<4xi32>
    %b = aie.buffer(%t) {sym_name = "same"} : memref<4xi32>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:10: the name 'same' is given twice
//   because: aie.buffer at in.mlir:4:10 has it already
//   try: another name
