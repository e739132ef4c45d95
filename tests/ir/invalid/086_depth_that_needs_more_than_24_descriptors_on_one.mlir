module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m, {%t}, [25 : i32, 2 : i32]) : !aie.objectfifo<memref<4xi32>>
  }
}
// aie-opt: rejected by aie-assign-bd-ids
// refused:
// in.mlir:5:5: Nothing fills ObjectFifo 'f'
//   because: its producer is memory tile (0, 1), which has no core, and no link leads into it
//   try: forward, split or join another fifo into it, or give init_values
