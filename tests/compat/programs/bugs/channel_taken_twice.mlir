// Two flows into one DMA channel.
module {
  aie.device(npu1_1col) {
    %shim = aie.tile(0, 0)
    %one = aie.tile(0, 2)
    %two = aie.tile(0, 3)
    aie.flow(%one, DMA : 0, %shim, DMA : 0)
    aie.flow(%two, DMA : 0, %shim, DMA : 0) // BUG
  }
}
