module {
  aie.device(npu1) {
    %w = aie.logical_tile<CoreTile>(?, ?)
    %i = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @feed(%i, {%w}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: crashes by aie-objectFifo-stateful-transform
// accepted: the tiles are placed before the fifos are lowered, always
