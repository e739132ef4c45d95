module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %s = aie.tile(0, 0)
    %u = aie.tile(1, 0)
    aie.objectfifo @f0(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @f1(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @f2(%u, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:8:5: Too many fifos arrive at tile (0, 2)
//   because: 3 S2MM channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); the tile has 2
//   try: join them on a memory tile, or place the other core beside this one
