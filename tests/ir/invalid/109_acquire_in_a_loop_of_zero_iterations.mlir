module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %lo95 = arith.constant 0 : index
      %hi95 = arith.constant 0 : index
      %st95 = arith.constant 1 : index
      scf.for %j95 = %lo95 to %hi95 step %st95 {
        %ps = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
        %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
        aie.objectfifo.release @f(Consume, 1)
      }
      aie.end
    }
  }
}
// aie-opt: hangs by aie-objectFifo-stateful-transform
// accepted: a loop that never turns acquires nothing
