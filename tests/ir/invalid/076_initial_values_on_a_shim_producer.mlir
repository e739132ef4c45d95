module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 1 : i32) : !aie.objectfifo<memref<2xi32>> = [dense<1> : memref<2xi32>]
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has initial values
//   because: its producer is a shim tile, which has no memory for them
