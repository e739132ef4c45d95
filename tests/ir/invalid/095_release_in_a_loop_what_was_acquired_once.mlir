module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %ps = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
      %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      %lo93 = arith.constant 0 : index
      %hi93 = arith.constant 4 : index
      %st93 = arith.constant 1 : index
      scf.for %j93 = %lo93 to %hi93 step %st93 {
        aie.objectfifo.release @f(Consume, 1)
      }
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:13:9: This core releases an object of ObjectFifo 'f'
//   because: it holds 0 there
//   try: acquire 1 before this release
