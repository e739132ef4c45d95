module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      aie.end
    } {link_with = "a.o", link_files = ["a.o"]}
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:5: the core has both link_with and link_files
//   try: link_files alone
