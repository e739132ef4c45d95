module {
  aie.device(npu1) {
    %logical_core = aie.logical_tile<CoreTile>(0, 2)
    %logical_shim_noc = aie.logical_tile<ShimNOCTile>(0, 0)
    %box = aie.buffer(%logical_core) {sym_name = "box"} : memref<32xi32> 
    %free = aie.lock(%logical_core) {init = 1 : i32, sym_name = "free"}
    %full = aie.lock(%logical_core) {init = 0 : i32, sym_name = "full"}
    %done = aie.lock(%logical_core) {init = 0 : i32, sym_name = "done"}
    %core_0_2 = aie.core(%logical_core) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %c1_i32 = arith.constant 1 : i32
        aie.use_lock(%full, AcquireGreaterEqual, %c1_i32)
        %c0_0 = arith.constant 0 : index
        %c32 = arith.constant 32 : index
        %c1_1 = arith.constant 1 : index
        scf.for %arg1 = %c0_0 to %c32 step %c1_1 {
          %0 = memref.load %box[%arg1] : memref<32xi32>
          %c100_i32 = arith.constant 100 : i32
          %1 = arith.addi %0, %c100_i32 : i32
          memref.store %1, %box[%arg1] : memref<32xi32>
        }
        %c1_i32_2 = arith.constant 1 : i32
        aie.use_lock(%done, Release, %c1_i32_2)
      }
      aie.end
    }
    aie.flow(%logical_shim_noc, DMA : 0, %logical_core, DMA : 0)
    aie.shim_dma_allocation @send(%logical_shim_noc, MM2S, 0)
    aie.flow(%logical_core, DMA : 0, %logical_shim_noc, DMA : 0)
    aie.shim_dma_allocation @gather(%logical_shim_noc, S2MM, 0)
    %mem_0_2 = aie.mem(%logical_core) {
      %0 = aie.dma_start(S2MM, 0, ^bb1, ^bb2)
    ^bb1:  // 2 preds: ^bb0, ^bb1
      %c1_i32 = arith.constant 1 : i32
      aie.use_lock(%free, AcquireGreaterEqual, %c1_i32)
      aie.dma_bd(%box : memref<32xi32> offset = 0 len = 32)
      %c1_i32_0 = arith.constant 1 : i32
      aie.use_lock(%full, Release, %c1_i32_0)
      aie.next_bd ^bb1
    ^bb2:  // pred: ^bb0
      %1 = aie.dma_start(MM2S, 0, ^bb3, ^bb4)
    ^bb3:  // 2 preds: ^bb2, ^bb3
      %c1_i32_1 = arith.constant 1 : i32
      aie.use_lock(%done, AcquireGreaterEqual, %c1_i32_1)
      aie.dma_bd(%box : memref<32xi32> offset = 0 len = 32)
      %c1_i32_2 = arith.constant 1 : i32
      aie.use_lock(%free, Release, %c1_i32_2)
      aie.next_bd ^bb3
    ^bb4:  // pred: ^bb2
      aie.end
    }
    aie.runtime_sequence(%arg0: memref<32xi32>, %arg1: memref<32xi32>) {
      %0 = aiex.dma_configure_task_for @send {
        aie.dma_bd(%arg0 : memref<32xi32> offset = 0 len = 32 sizes = [1, 1, 1, 32] strides = [0, 0, 0, 1])
        aie.end
      }
      aiex.dma_start_task(%0)
      %1 = aiex.dma_configure_task_for @gather {
        aie.dma_bd(%arg1 : memref<32xi32> offset = 0 len = 32 sizes = [1, 1, 1, 32] strides = [0, 0, 0, 1])
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%1)
      aiex.dma_await_task(%1)
      aiex.dma_free_task(%0)
      aiex.dma_free_task(%1)
    }
  }
}

