module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) {repeat_count = 2 : i32} : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has a repeat_count
//   because: its producer is a shim tile, which the runtime sequence repeats
