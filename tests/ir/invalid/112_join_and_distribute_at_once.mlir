module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @a(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @b(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @c(%m, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @d(%m, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.link [@a, @b] -> [@c, @d]([0, 16] [0, 16])
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:11:5: the link [a, b] -> [c, d] joins and distributes at once
//   try: two links with a fifo between
