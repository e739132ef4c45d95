module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%t dimensionsToStream [<size = 2, stride = 8>, <size = 2, stride = 4>, <size = 2, stride = 2>, <size = 2, stride = 1>], {%s}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: the dimensionsToStream of ObjectFifo 'f' does not fit a descriptor of a core tile
//   because: 4 dimensions; a descriptor has 3
