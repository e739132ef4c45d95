module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 0 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:5:5: ObjectFifo 'f' has depth 0
//   because: an end needs at least 1 object
//   try: depth 2, so that producer and consumer overlap
