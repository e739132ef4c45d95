module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.packet_flow(1) {
      aie.packet_source<%s, DMA : 0>
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:4:5: the packet flow of id 1 has no destination
