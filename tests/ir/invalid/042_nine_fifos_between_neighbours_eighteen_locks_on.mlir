module {
  aie.device(npu1) {
    %a = aie.tile(0, 2)
    %b = aie.tile(0, 3)
    aie.objectfifo @f0(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f1(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f2(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f3(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f4(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f5(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f6(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f7(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f8(%a, {%b}, 1 : i32) : !aie.objectfifo<memref<4xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: Tile (0, 2) has too few locks
//   because: 18 are needed (ObjectFifo 'f8' 2, ObjectFifo 'f7' 2, ObjectFifo 'f6' 2, ObjectFifo 'f5' 2, ObjectFifo 'f4' 2, ObjectFifo 'f3' 2, ObjectFifo 'f2' 2, ObjectFifo 'f1' 2, ObjectFifo 'f0' 2); the tile has 16
//   try: fewer fifos at this tile; each takes two locks per part
