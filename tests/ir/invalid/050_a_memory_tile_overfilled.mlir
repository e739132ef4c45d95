module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    aie.objectfifo @f0(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<70000xi32>>
  }
}
// aie-opt: accepted with a warning by aie-assign-buffer-addresses
// refused:
// in.mlir:5:5: Nothing empties ObjectFifo 'f0'
//   because: its consumer is memory tile (0, 1), which has no core, and no link leads out of it
//   try: forward, split or join it into another fifo
