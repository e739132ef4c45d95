module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %p = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
      %q = aie.objectfifo.subview.access %p[1] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:12: object 1 of ObjectFifo 'f' is used
//   because: 1 object acquired; the first is object 0
