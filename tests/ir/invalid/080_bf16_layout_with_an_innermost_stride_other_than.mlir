module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m dimensionsToStream [<size = 8, stride = 1>, <size = 2, stride = 8>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xbf16>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: the dimensionsToStream of ObjectFifo 'f' does not fit a descriptor of a memory tile
//   because: innermost stride is 8; elements of 2 bytes need 1
