module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.buffer(%t) {sym_name = "a", address = 4096 : i32, mem_bank = 2 : i32} : memref<16xi32>
  }
}
// aie-opt: error printed, exit status 0 by aie-assign-buffer-addresses
// refused:
// in.mlir:4:10: Buffer 'a' cannot lie at address 4096 of tile (0, 2)
//   because: it asks for bank 2; the address is in bank 0
//   try: leave the address out to have it chosen
