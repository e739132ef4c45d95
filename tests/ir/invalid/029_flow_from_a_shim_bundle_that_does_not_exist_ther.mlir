module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.flow(%s, Core : 0, %t, DMA : 0)
  }
}
// aie-opt: crashes by aie-create-pathfinder-flows
// refused:
// in.mlir:5:5: a flow starts from Core 0 of tile (0, 0), which does not exist
//   because: for that, tile (0, 0) has 1 FIFO, 4 North, 4 West, 8 South, 4 East, 1 Trace, 1 TileControl
