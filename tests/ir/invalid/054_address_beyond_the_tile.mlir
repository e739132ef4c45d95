module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "a", address = 70000 : i32} : memref<16xi32>
  }
}
// aie-opt: error printed, exit status 0 by aie-assign-buffer-addresses
// refused:
// in.mlir:4:10: buffer 'a' does not fit the memory of tile (0, 2)
//   because: 64 bytes at address 70000 end beyond 65536
