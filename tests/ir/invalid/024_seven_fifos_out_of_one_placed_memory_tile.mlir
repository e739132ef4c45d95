module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %w0 = aie.tile(0, 2)
    aie.objectfifo @f0(%m, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w1 = aie.tile(1, 2)
    aie.objectfifo @f1(%m, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w2 = aie.tile(2, 2)
    aie.objectfifo @f2(%m, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w3 = aie.tile(3, 2)
    aie.objectfifo @f3(%m, {%w3}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w4 = aie.tile(0, 3)
    aie.objectfifo @f4(%m, {%w4}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w5 = aie.tile(1, 3)
    aie.objectfifo @f5(%m, {%w5}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w6 = aie.tile(2, 3)
    aie.objectfifo @f6(%m, {%w6}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: Nothing fills ObjectFifo 'f0'
//   because: its producer is memory tile (0, 1), which has no core, and no link leads into it
//   try: forward, split or join another fifo into it, or give init_values
