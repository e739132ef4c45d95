module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      %c = arith.constant 0 : index
      aie.end
    } {elf_file = "x.elf"}
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:5: the core has the program 'x.elf' and a body as well
//   try: one of the two
