module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @in(%s, {%m}, [2 : i32, 25 : i32]) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo @f(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.objectfifo.link [@in] -> [@f]([] [])
  }
}
// aie-opt: variant of the one before it, in a design that is complete
// refused:
// in.mlir:6:5: Tile (0, 1) has too few buffer descriptors
//   because: 50 are needed (ObjectFifo 'in' 25, ObjectFifo 'f' 25); channels 0, 2, 4 share 24
//   try: a smaller depth or repeat_count; each object takes one descriptor per part and repeat; or another memory tile (tile=) for one of the links
