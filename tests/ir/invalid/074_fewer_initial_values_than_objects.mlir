module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<2xi32>> = [dense<1> : memref<2xi32>]
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has 1 initial value
//   because: its producer has 2 objects
