module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m dimensionsToStream [<size = 8, stride = 4>, <size = 4, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: the dimensionsToStream of ObjectFifo 'f' reaches element 31
//   because: an object has 16 elements
