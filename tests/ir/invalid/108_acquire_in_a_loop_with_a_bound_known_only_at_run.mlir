module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %n = aie.buffer(%t) {sym_name = "n"} : memref<1xi32>
    aie.core(%t) {
      %z = arith.constant 0 : index
      %u = arith.constant 1 : index
      %v = memref.load %n[%z] : memref<1xi32>
      %h = arith.index_cast %v : i32 to index
      scf.for %i = %z to %h step %u {
        %ps = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
        %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
        aie.objectfifo.release @f(Consume, 1)
      }
      aie.end
    }
  }
}
// aie-opt: hangs by aie-objectFifo-stateful-transform
// accepted: the core counts objects at run time, as mlir-aie 1.4 does
