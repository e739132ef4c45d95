module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b0 = aie.buffer(%t) {sym_name = "b0"} : memref<14000xi8>
    %b1 = aie.buffer(%t) {sym_name = "b1"} : memref<14000xi8>
    %b2 = aie.buffer(%t) {sym_name = "b2"} : memref<14000xi8>
    %b3 = aie.buffer(%t) {sym_name = "b3"} : memref<14000xi8>
    %b4 = aie.buffer(%t) {sym_name = "b4"} : memref<14000xi8>
  }
}
// aie-opt: rejected by aie-assign-buffer-addresses
// refused:
// in.mlir:4:11: Buffer 'b0' does not fit the memory of tile (0, 2)
//   because: 1 buffer of 14000 bytes; 9536 bytes are free (65536 less Buffer 'b1' 14000, Buffer 'b2' 14000, Buffer 'b3' 14000, Buffer 'b4' 14000)
//   try: buffers of at most 9536 bytes
