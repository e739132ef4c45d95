module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %p = aie.objectfifo.acquire @g(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:7:12: there is no ObjectFifo 'g'
