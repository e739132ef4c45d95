module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "a", address = 512 : i32} : memref<16xi32>
    aie.core(%t) {
      aie.end
    }
  }
}
// aie-opt: error printed, exit status 0 by aie-assign-buffer-addresses
// refused:
// in.mlir:4:10: Buffer 'a' cannot lie at address 512 of tile (0, 2)
//   because: the stack has bytes 0..1023
//   try: leave the address out to have it chosen
