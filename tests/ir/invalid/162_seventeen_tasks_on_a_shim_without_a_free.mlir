module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.runtime_sequence(%a : memref<4096xi32>) {
      %t0 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 0, 64)
        aie.end
      }
      aiex.dma_start_task(%t0)
      %t1 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 64, 64)
        aie.end
      }
      aiex.dma_start_task(%t1)
      %t2 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 128, 64)
        aie.end
      }
      aiex.dma_start_task(%t2)
      %t3 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 192, 64)
        aie.end
      }
      aiex.dma_start_task(%t3)
      %t4 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 256, 64)
        aie.end
      }
      aiex.dma_start_task(%t4)
      %t5 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 320, 64)
        aie.end
      }
      aiex.dma_start_task(%t5)
      %t6 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 384, 64)
        aie.end
      }
      aiex.dma_start_task(%t6)
      %t7 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 448, 64)
        aie.end
      }
      aiex.dma_start_task(%t7)
      %t8 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 512, 64)
        aie.end
      }
      aiex.dma_start_task(%t8)
      %t9 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 576, 64)
        aie.end
      }
      aiex.dma_start_task(%t9)
      %t10 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 640, 64)
        aie.end
      }
      aiex.dma_start_task(%t10)
      %t11 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 704, 64)
        aie.end
      }
      aiex.dma_start_task(%t11)
      %t12 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 768, 64)
        aie.end
      }
      aiex.dma_start_task(%t12)
      %t13 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 832, 64)
        aie.end
      }
      aiex.dma_start_task(%t13)
      %t14 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 896, 64)
        aie.end
      }
      aiex.dma_start_task(%t14)
      %t15 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 960, 64)
        aie.end
      }
      aiex.dma_start_task(%t15)
      %t16 = aiex.dma_configure_task_for @g {
        aie.dma_bd(%a : memref<4096xi32>, 1024, 64)
        aie.end
      }
      aiex.dma_start_task(%t16)
    }
  }
}
// aie-opt: rejected by aie-assign-runtime-sequence-bd-ids
// refused:
// in.mlir:87:14: no descriptor is left on tile (0, 0) for the transfer on 'g' (in.mlir:87:14)
//   because: channel MM2S 0 of tile (0, 0) has 16, held by tasks that were neither awaited nor freed: 16 by 'g' (in.mlir:7:13 to in.mlir:82:14)
//   try: an await or a free of one of them before this line
