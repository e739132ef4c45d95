module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<3xi8>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: a descriptor of ObjectFifo 'f' (S2MM 0 of tile (0, 2)) has a layout that the tile cannot hold
//   because: contiguous run of 3 bytes is not whole 32-bit words
//   try: a layout with fewer, smaller steps, or objects of another shape
