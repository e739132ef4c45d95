module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<8xi32>
    %n = arith.constant 4 : i32
    %d = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^one, ^end)
    ^one:
      aie.dma_bd(%b : memref<8xi32> offset = %n len = 4)
      aie.next_bd ^one
    ^end:
      aie.end
    }
  }
}
// aie-opt: rejected
// refused:
// in.mlir:11:7: a descriptor has numbers that come at run time
//   because: only a transfer of the runtime sequence on a shim tile can have them
//   try: the numbers themselves
