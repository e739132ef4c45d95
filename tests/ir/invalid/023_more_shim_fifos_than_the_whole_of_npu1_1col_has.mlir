module {
  aie.device(npu1_1col) {
    %w0 = aie.logical_tile<CoreTile>(?, ?)
    %s0 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @f0(%s0, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w1 = aie.logical_tile<CoreTile>(?, ?)
    %s1 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @f1(%s1, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w2 = aie.logical_tile<CoreTile>(?, ?)
    %s2 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @f2(%s2, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-place-tiles
// refused:
// in.mlir:11:5: No shim tile has enough DMA channels for ObjectFifo 'f2'
//   because: its tile needs 1 MM2S ('f2'); a shim tile has 2 each way, npu1_1col 2, and others use them
//   try: fewer fifos, or a device with more columns
