module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    aie.objectfifo @in(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<112xi32>>
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
    aie.objectfifo.link [@in] -> [@f0, @f1, @f2, @f3, @f4, @f5, @f6]([] [0, 16, 32, 48, 64, 80, 96])
  }
}
// aie-opt: variant of the one before it, in a design that is complete
// refused:
// in.mlir:19:5: Too many fifos leave tile (0, 1)
//   because: 7 MM2S channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2', ObjectFifo 'f3', ObjectFifo 'f4', ObjectFifo 'f5', ObjectFifo 'f6'); the tile has 6
//   try: spread them over two memory tiles
