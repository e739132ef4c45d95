module {
  aie.device(npu1_1col) {
    %logical_core = aie.logical_tile<CoreTile>(0, 2)
    %logical_shim_noc = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @y(%logical_core, {%logical_shim_noc}, 2 : i32) : !aie.objectfifo<memref<16xi32>>  
    %gain = aie.buffer(%logical_core) {sym_name = "gain"} : memref<4xi32> 
    %lock_0_2 = aie.lock(%logical_core)
    %core_0_2 = aie.core(%logical_core) {
      %c1_i32 = arith.constant 1 : i32
      aie.use_lock(%lock_0_2, Acquire, %c1_i32)
      %c0 = arith.constant 0 : index
      %0 = memref.load %gain[%c0] : memref<4xi32>
      %1 = aie.objectfifo.acquire @y(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
      %2 = aie.objectfifo.subview.access %1[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      %c0_0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0_0 to %c16 step %c1 {
        memref.store %0, %2[%arg0] : memref<16xi32>
      }
      aie.objectfifo.release @y(Produce, 1)
      aie.end
    } {stack_size = 2048 : i32}
    aie.runtime_sequence(%arg0: memref<16xi32>) {
      %c7_i32 = arith.constant 7 : i32
      aiex.npu.rtp_write(@gain, 0, %c7_i32) : i32
      aiex.set_lock(%lock_0_2, 1)
      %0 = aiex.dma_configure_task_for @y {
        aie.dma_bd(%arg0 : memref<16xi32> offset = 0 len = 16 sizes = [1, 1, 1, 16] strides = [0, 0, 0, 1])
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%0)
      aiex.dma_await_task(%0)
      aiex.dma_free_task(%0)
    }
  }
}

