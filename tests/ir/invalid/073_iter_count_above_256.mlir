module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m, {%t}, 2 : i32) {iter_count = 300 : i32} : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has iter_count 300
//   because: it is between 1 and 256
