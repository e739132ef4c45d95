module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    %b = aie.buffer(%m) {sym_name = "b"} : memref<8xi32>
    %d = aie.memtile_dma(%m) {
      %x = aie.dma_start(MM2S, 0, ^one, ^end) {pad_value = 7 : i32}
    ^one:
      aie.dma_bd(%b : memref<8xi32> len = 10 sizes = [8] strides = [1] pad [<const_pad_before = 1, const_pad_after = 1>])
      aie.next_bd ^one
    ^end:
      aie.end
    }
  }
}
// aie-opt: rejected
// refused:
// in.mlir:8:12: MM2S 0 of tile (0, 1) pads with 7
//   because: npu1 pads with 0
//   try: pad_value = 0
