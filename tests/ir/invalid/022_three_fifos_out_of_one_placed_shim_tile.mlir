module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %w0 = aie.tile(0, 2)
    aie.objectfifo @f0(%s, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w1 = aie.tile(0, 3)
    aie.objectfifo @f1(%s, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w2 = aie.tile(0, 4)
    aie.objectfifo @f2(%s, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:9:5: Too many fifos leave tile (0, 0)
//   because: 3 MM2S channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); the tile has 2
//   try: spread them over two shim tiles
