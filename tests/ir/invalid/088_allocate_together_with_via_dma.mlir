module {
  aie.device(npu1) {
    %a = aie.tile(0, 2)
    %b = aie.tile(0, 3)
    aie.objectfifo @f(%a, {%b}, 2 : i32) {via_DMA = true} : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.allocate @f(%b)
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:6:5: ObjectFifo 'f' is allocated on tile (0, 3) and goes over the DMA
//   because: via_DMA gives each end its own objects
