module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%s dimensionsToStream [<size = 4, stride = 4>, <size = 4, stride = 1>], {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has a dimensionsToStream on tile (0, 0)
//   because: a shim tile takes its layout from the runtime sequence
//   try: the layout in fill or drain
