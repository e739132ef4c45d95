module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m, {%t}, 1 : i32) : !aie.objectfifo<memref<2xi32>> = [dense<[1, 2, 3]> : memref<3xi32>]
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:5:5: an initial value of ObjectFifo 'f' has the shape [3]
//   because: an object has [2]
