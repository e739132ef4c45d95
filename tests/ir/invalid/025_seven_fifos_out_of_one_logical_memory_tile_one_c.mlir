module {
  aie.device(npu1_1col) {
    %m = aie.logical_tile<MemTile>(?, ?)
    %w0 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f0(%m, {%w0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w1 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f1(%m, {%w1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w2 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f2(%m, {%w2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %w3 = aie.logical_tile<CoreTile>(?, ?)
    aie.objectfifo @f3(%m, {%w3}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %h0 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @g0(%m, {%h0}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %h1 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @g1(%m, {%h1}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %h2 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @g2(%m, {%h2}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-place-tiles
// refused:
// in.mlir:5:5: No memory tile has enough DMA channels for ObjectFifo 'f0'
//   because: its tile needs 7 MM2S ('f0', 'f1', 'f2', 'f3', 'g0', 'g1', 'g2'); a memory tile has 6 each way
//   try: spread these fifos over two memory tiles
