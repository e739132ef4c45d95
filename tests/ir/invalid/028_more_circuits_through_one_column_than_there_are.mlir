module {
  aie.device(npu1_1col) {
    %a0 = aie.tile(0, 5)
    %b0 = aie.tile(0, 0)
    %c4 = aie.tile(0, 4)
    %c3 = aie.tile(0, 3)
    %c2 = aie.tile(0, 2)
    %m = aie.tile(0, 1)
    aie.flow(%a0, DMA : 0, %m, DMA : 0)
    aie.flow(%a0, DMA : 1, %m, DMA : 1)
    aie.flow(%c4, DMA : 0, %m, DMA : 2)
    aie.flow(%c4, DMA : 1, %m, DMA : 3)
    aie.flow(%c3, DMA : 0, %m, DMA : 4)
    aie.flow(%c2, DMA : 0, %b0, DMA : 0)
  }
}
// aie-opt: rejected by aie-create-pathfinder-flows
// refused:
// in.mlir:9:5: too many streams leave tile (0, 2) to the south
//   because: 4 wires; 6 streams: the flow from DMA 0 of tile (0, 5), the flow from DMA 1 of tile (0, 5), the flow from DMA 0 of tile (0, 4), the flow from DMA 1 of tile (0, 4), the flow from DMA 0 of tile (0, 3), the flow from DMA 0 of tile (0, 2)
//   try: workers or shim tiles in other columns, or fewer fifos across this one
