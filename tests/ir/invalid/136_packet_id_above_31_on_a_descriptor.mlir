module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "b"} : memref<64xi32>
    %k = aie.mem(%t) {
      %x = aie.dma_start(MM2S, 0, ^a, ^z)
    ^a:
      aie.dma_bd(%b : memref<64xi32>, 0, 64) {packet = #aie.packet_info<pkt_type = 0, pkt_id = 40>}
      aie.next_bd ^z
    ^z:
      aie.end
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:8:7: packet id 40
//   because: the ids are 0..31
