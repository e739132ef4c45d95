module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %p = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
      %q = aie.objectfifo.subview.access %p[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<4x4xi32>
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:8:12: an object of ObjectFifo 'f' is used as memref<4x4xi32>
//   because: it is memref<16xi32>
