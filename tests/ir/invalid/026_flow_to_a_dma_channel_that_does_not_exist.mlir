module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.flow(%s, DMA : 0, %t, DMA : 3)
  }
}
// aie-opt: crashes by aie-create-pathfinder-flows
// refused:
// in.mlir:5:5: tile (0, 2) has no DMA channel 3
//   because: its channels are 0..1 in each direction
