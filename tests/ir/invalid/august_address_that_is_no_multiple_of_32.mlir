module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    %b = aie.buffer(%t) {address = 1028 : i32, sym_name = "b"} : memref<8xi32>
  }
}
// aie-opt: rejected
// refused:
// in.mlir:6:10: buffer 'b' is at address 1028
//   because: an address on a core tile is a multiple of 32 bytes
//   try: aligned = false
