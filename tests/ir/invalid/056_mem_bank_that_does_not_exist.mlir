module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "a", mem_bank = 7 : i32} : memref<16xi32>
  }
}
// aie-opt: error printed, exit status 0 by aie-assign-buffer-addresses
// refused:
// in.mlir:4:10: buffer 'a' is in bank 7
//   because: the banks of tile (0, 2) are 0..3
