// A memory tile has six channels each way, 0 to 5.
module {
  aie.device(npu1) {
    %mem = aie.tile(0, 1)
    %0 = aie.tile(0, 2)
    %1 = aie.tile(0, 3)
    %2 = aie.tile(0, 4)
    %3 = aie.tile(0, 5)
    aie.flow(%mem, DMA : 0, %0, DMA : 0)
    aie.flow(%mem, DMA : 1, %0, DMA : 1)
    aie.flow(%mem, DMA : 2, %1, DMA : 0)
    aie.flow(%mem, DMA : 3, %1, DMA : 1)
    aie.flow(%mem, DMA : 4, %2, DMA : 0)
    aie.flow(%mem, DMA : 5, %2, DMA : 1)
    aie.flow(%mem, DMA : 6, %3, DMA : 0) // BUG
  }
}
