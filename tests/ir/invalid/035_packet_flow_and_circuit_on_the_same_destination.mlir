module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.packet_flow(1) {
      aie.packet_source<%s, DMA : 0>
      aie.packet_dest<%t, DMA : 0>
    }
    aie.flow(%s, DMA : 1, %t, DMA : 0)
  }
}
// aie-opt: rejected by aie-create-pathfinder-flows
// refused:
// in.mlir:5:5: the packet flow 1 from DMA 0 of tile (0, 0) and the flow from DMA 1 of tile (0, 0) both end in DMA 0 of tile (0, 2)
//   because: a port takes one circuit, or any number of packet flows
//   try: another DMA channel for one of them
