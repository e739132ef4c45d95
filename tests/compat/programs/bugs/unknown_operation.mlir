// A misspelt operation.
module {
  aie.device(npu1_1col) {
    %tile_0_2 = aie.tyle(0, 2) // BUG
  }
}
