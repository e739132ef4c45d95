module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.link [@a] -> [@zz]([] [])
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:5: there is no ObjectFifo 'zz'
