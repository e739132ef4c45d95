module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "a", address = 4096 : i32} : memref<16xi32>
    %b = aie.buffer(%t) {sym_name = "b", address = 4096 : i32} : memref<16xi32>
  }
}
// aie-opt: error printed, exit status 0 by aie-assign-buffer-addresses
// refused:
// in.mlir:5:10: Buffer 'b' cannot lie at address 4096 of tile (0, 2)
//   because: Buffer 'a' has bytes 4096..4159
//   try: leave the address out to have it chosen
