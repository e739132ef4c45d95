// Eight streams north through a memory tile, whose switch has six ports there, and no way around.
module {
  aie.device(npu1_1col) {
    %shim = aie.tile(0, 0)
    %mem = aie.tile(0, 1)
    %0 = aie.tile(0, 2)
    %1 = aie.tile(0, 3)
    %2 = aie.tile(0, 4)
    %3 = aie.tile(0, 5)
    aie.flow(%mem, DMA : 0, %0, DMA : 0) // BUG
    aie.flow(%mem, DMA : 1, %0, DMA : 1)
    aie.flow(%mem, DMA : 2, %1, DMA : 0)
    aie.flow(%mem, DMA : 3, %1, DMA : 1)
    aie.flow(%mem, DMA : 4, %2, DMA : 0)
    aie.flow(%mem, DMA : 5, %2, DMA : 1)
    aie.flow(%shim, DMA : 0, %3, DMA : 0)
    aie.flow(%shim, DMA : 1, %3, DMA : 1)
  }
}
