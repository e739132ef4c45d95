module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(2, 4)
    %b = aie.buffer(%u) {sym_name = "far"} : memref<4xi32>
    aie.core(%t) {
      %i = arith.constant 0 : index
      %x = memref.load %b[%i] : memref<4xi32>
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:10: buffer 'far' on tile (2, 4) is used by the core on tile (0, 2)
//   because: that core reaches (0, 2), (0, 3); the use is at in.mlir:8:12
