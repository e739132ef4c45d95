module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @in(%s, {%m}, 1 : i32) : !aie.objectfifo<memref<4000xi32>>
    aie.objectfifo @f(%m dimensionsToStream [<size = 2, stride = 1>, <size = 2000, stride = 2>], {%t}, 1 : i32) : !aie.objectfifo<memref<4000xi32>>
    aie.objectfifo.link [@in] -> [@f]([] [])
  }
}
// aie-opt: variant of the one before it, in a design that is complete
// refused:
// in.mlir:7:5: the dimensionsToStream of ObjectFifo 'f' does not fit a descriptor of a memory tile
//   because: size of 2000 words exceeds 1023
