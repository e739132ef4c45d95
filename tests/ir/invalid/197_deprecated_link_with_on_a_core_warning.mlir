module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      aie.end
    } {link_with = "k.o"}
  }
}
// aie-opt: accepted with a warning by aie-assign-core-link-files
// accepted: the object file of the core is taken for the kernels that it calls
