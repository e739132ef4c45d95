module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 9 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @g(%t, {%s}, 8 : i32) : !aie.objectfifo<memref<4xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:6:5: Tile (0, 2) has too few buffer descriptors
//   because: 17 are needed (ObjectFifo 'f' 9, ObjectFifo 'g' 8); the tile has 16
//   try: a smaller depth or repeat_count; each object takes one descriptor per part and repeat
