module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    func.func private @k(memref<16xi32>) attributes {link_with = "k.o"}
    aie.core(%t) {
      aie.end
    }
  }
}
// aie-opt: accepted with a warning by aie-assign-core-link-files
// accepted: nothing is linked that nobody calls
