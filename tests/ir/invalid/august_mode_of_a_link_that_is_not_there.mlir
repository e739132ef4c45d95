module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    func.func private @k(memref<16xi32>) attributes {link_with_mode = "merge"}
  }
}
// aie-opt: rejected
// refused:
// in.mlir:6:5: function 'k' has link_with_mode without link_with
//   because: the mode says how its object file is linked
//   try: link_with as well
