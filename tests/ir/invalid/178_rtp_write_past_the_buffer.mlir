module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %b = aie.buffer(%t) {sym_name = "dial"} : memref<4xi32>
    aie.runtime_sequence() {
      aiex.npu.rtp_write(@dial, 9, 1)
    }
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:6:7: word 9 of buffer 'dial' is written
//   because: the buffer has 4 words of 32 bits
