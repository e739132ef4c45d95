module {
  aie.device(npu1) {
    %s = aie.logical_tile<ShimNOCTile>(0, 0)
    %w0 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f0(%s, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w1 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f1(%s, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w2 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f2(%s, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-place-tiles
// refused:
// in.mlir:9:5: Too many fifos leave tile (0, 0)
//   because: 3 MM2S channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); the tile has 2
//   try: leave the shim tile open, or name another column
