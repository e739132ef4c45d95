module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %p = aie.objectfifo.acquire @f(Consume, 0) : !aie.objectfifosubview<memref<16xi32>>
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:12: ObjectFifo 'f': an operation acquires 0 objects
//   because: the least is 1
