module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      %lo94 = arith.constant 0 : index
      %hi94 = arith.constant 4 : index
      %st94 = arith.constant 1 : index
      scf.for %j94 = %lo94 to %hi94 step %st94 {
        %ps = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
        %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      }
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// accepted: an object that is held stays held: the second turn sees the same one, as with mlir-aie
