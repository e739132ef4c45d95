module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %ps = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
      %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      aie.objectfifo.release @f(Consume, 2)
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:9:7: This core releases 2 objects of ObjectFifo 'f'
//   because: it holds 1 there
//   try: acquire 2 before this release
