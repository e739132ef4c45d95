module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    aie.objectfifo @f0(%s, {%m}, 2 : i32) : !aie.objectfifo<memref<70000xi32>>
    aie.objectfifo @f1(%m, {%s}, 2 : i32) : !aie.objectfifo<memref<70000xi32>>
    aie.objectfifo.link [@f0] -> [@f1]([] [])
  }
}
// aie-opt: variant of the one before it, in a design that is complete
// accepted: as mlir-aie does, one of the two objects goes to the memory of the neighbour
