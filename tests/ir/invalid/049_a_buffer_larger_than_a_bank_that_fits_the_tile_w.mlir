module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "wide"} : memref<10000xi32>
    %c = aie.buffer(%t) {sym_name = "tiny"} : memref<8xi32>
  }
}
// aie-opt: accepted with a warning by aie-assign-buffer-addresses
// accepted: the buffer lies across two banks, as it may; both buffers have an address
