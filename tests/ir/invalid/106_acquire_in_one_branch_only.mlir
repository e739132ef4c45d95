module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %c = arith.constant true
      scf.if %c {
        %ps = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
        %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      }
      aie.objectfifo.release @f(Consume, 1)
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// accepted: which branch is taken is known at run time only; the run tells what is released unacquired
