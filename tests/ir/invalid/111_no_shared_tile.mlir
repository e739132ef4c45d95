module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @a(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @b(%t, {%u}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.link [@a] -> [@b]([] [])
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:9:5: the link [a] -> [b] has no tile on which all of them meet
//   because: a link takes from consumers and gives to producers on one tile
