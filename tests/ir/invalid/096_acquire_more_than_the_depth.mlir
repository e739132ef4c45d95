module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %ps = aie.objectfifo.acquire @f(Consume, 3) : !aie.objectfifosubview<memref<16xi32>>
      %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      %p1 = aie.objectfifo.subview.access %ps[1] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      %p2 = aie.objectfifo.subview.access %ps[2] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      aie.objectfifo.release @f(Consume, 3)
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:13: 3 objects of ObjectFifo 'f' are acquired
//   because: its depth at this end is 2
//   try: a depth of 3
