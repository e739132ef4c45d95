module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "huge"} : memref<20000xi32>
  }
}
// aie-opt: rejected by aie-assign-buffer-addresses
// refused:
// in.mlir:4:10: Buffer 'huge' does not fit the memory of tile (0, 2)
//   because: 1 buffer of 80000 bytes; 65536 bytes are free
//   try: buffers of at most 65536 bytes
