module {
  aie.device(npu1) {
    %w = aie.logical_tile<CoreTile>(0, 2)
    %i0 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @f0(%i0, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %i1 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @f1(%i1, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %i2 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @f2(%i2, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-place-tiles
// refused:
// in.mlir:9:5: Too many fifos arrive at one worker
//   because: 3 S2MM channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); a core tile has 2
//   try: join them on a memory tile, or place the other core beside this one
