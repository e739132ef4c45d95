module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, -1 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has the depth -1
//   because: the least is 1
