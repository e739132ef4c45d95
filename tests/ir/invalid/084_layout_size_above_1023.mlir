module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m dimensionsToStream [<size = 2, stride = 2000>, <size = 2000, stride = 1>], {%t}, 1 : i32) : !aie.objectfifo<memref<4000xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: Nothing fills ObjectFifo 'f'
//   because: its producer is memory tile (0, 1), which has no core, and no link leads into it
//   try: forward, split or join another fifo into it, or give init_values
