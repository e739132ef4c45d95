// A register that the simulation has no part for.
module {
  aie.device(npu1_1col) {
    aie.runtime_sequence() {
      %address = arith.constant 258048 : i32
      %value = arith.constant 1 : i32
      aiex.npu.write32(%address, %value) {column = 0 : i32, row = 2 : i32} : i32, i32 // BUG
    }
  }
}
