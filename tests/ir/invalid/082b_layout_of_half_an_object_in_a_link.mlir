module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @in(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @f(%m dimensionsToStream [<size = 2, stride = 8>, <size = 4, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.link [@in] -> [@f]([] [])
  }
}
// aie-opt: variant of the one before it, in a design that is complete
// refused:
// in.mlir:7:5: a descriptor of ObjectFifo 'f' (MM2S 0 of tile (0, 1)) has a length that differs from its layout
//   because: the length is 16 elements; the layout has 2 x 4 = 8
