module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f0(%s, {%t}, 4 : i32) : !aie.objectfifo<memref<5000xi32>>
  }
}
// aie-opt: rejected by aie-assign-buffer-addresses
// refused:
// in.mlir:5:5: ObjectFifo 'f0' does not fit the memory of tile (0, 2)
//   because: 4 buffers x 20000 bytes = 80000; 65536 bytes are free
//   try: buffers of at most 16384 bytes
