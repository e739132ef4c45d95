module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    %b = aie.buffer(%t) {address = 1028 : i32, aligned = false, sym_name = "b"} : memref<8xi32>
  }
}
// aie-opt: accepted
// accepted: `aligned = false` asks for it
