module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.packet_flow(40) {
      aie.packet_source<%s, DMA : 0>
      aie.packet_dest<%t, DMA : 0>
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:5:5: packet id 40
//   because: the ids are 0..31
