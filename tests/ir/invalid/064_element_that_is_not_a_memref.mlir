module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<i32>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:60: invalid kind of type specified: expected builtin.memref, but found 'i32'
