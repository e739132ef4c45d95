module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m dimensionsToStream [<size = 2, stride = 8>, <size = 4, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:5:5: Nothing fills ObjectFifo 'f'
//   because: its producer is memory tile (0, 1), which has no core, and no link leads into it
//   try: forward, split or join another fifo into it, or give init_values
