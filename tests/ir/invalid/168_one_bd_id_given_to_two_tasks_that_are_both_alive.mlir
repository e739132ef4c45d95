module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 0, 64) {bd_id = 3 : i32}
        aie.end
      }
      %u = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 64, 64) {bd_id = 3 : i32}
        aie.end
      }
      aiex.dma_start_task(%t)
      aiex.dma_start_task(%u)
    }
  }
}
// aie-opt: rejected by aie-assign-runtime-sequence-bd-ids
// refused:
// in.mlir:12:9: the transfer on 'g' (in.mlir:11:12) asks for descriptor 3 of tile (0, 0)
//   because: the transfer on 'g' (in.mlir:7:12) holds it and was neither awaited nor freed
//   try: an await or a free of that one first, or no bd_id: a free one is found
