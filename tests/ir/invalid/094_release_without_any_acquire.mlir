module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.core(%t) {
      aie.objectfifo.release @f(Consume, 1)
      aie.end
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:7:7: This core releases an object of ObjectFifo 'f'
//   because: it holds 0 there
//   try: acquire 1 before this release
