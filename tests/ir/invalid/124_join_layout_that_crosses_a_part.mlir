module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @a(%t, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @b(%u, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @c(%m dimensionsToStream [<size = 2, stride = 16>, <size = 16, stride = 1>], {%s}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
    aie.objectfifo.link [@a, @b] -> [@c]([0, 16] [])
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:10:5: The link [a, b] -> [c] has a layout on 'c' that reaches past one part
//   because: the layout is applied to each part; it reaches element 31 of a part of 16
//   try: a layout of one part
