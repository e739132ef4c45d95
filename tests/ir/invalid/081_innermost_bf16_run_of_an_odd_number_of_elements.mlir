module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m dimensionsToStream [<size = 4, stride = 4>, <size = 3, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<12xbf16>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: the dimensionsToStream of ObjectFifo 'f' reaches element 14
//   because: an object has 12 elements
