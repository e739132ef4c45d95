module {
  aie.device(npu1) {
    %logical_core = aie.logical_tile<CoreTile>(?, ?)
    %logical_core_0 = aie.logical_tile<CoreTile>(?, ?)
    %logical_shim_noc = aie.logical_tile<ShimNOCTile>(?, ?)
    %logical_mem = aie.logical_tile<MemTile>(?, ?)
    %logical_mem_1 = aie.logical_tile<MemTile>(?, ?)
    %logical_shim_noc_2 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @in(%logical_shim_noc, {%logical_mem}, 2 : i32) : !aie.objectfifo<memref<128xi16>>  
    aie.objectfifo @in_split0(%logical_mem dimensionsToStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>], {%logical_core}, 2 : i32) : !aie.objectfifo<memref<64xi16>>  
    aie.objectfifo @in_split1(%logical_mem dimensionsToStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>], {%logical_core_0}, 2 : i32) : !aie.objectfifo<memref<64xi16>>  
    aie.objectfifo.link [@in] -> [@in_split0, @in_split1]([] [0, 64])
    aie.objectfifo @out(%logical_mem_1, {%logical_shim_noc_2}, 2 : i32) : !aie.objectfifo<memref<128xi16>>  
    aie.objectfifo @out_join0(%logical_core, {%logical_mem_1 dimensionsFromStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>]}, 2 : i32) : !aie.objectfifo<memref<64xi16>>  
    aie.objectfifo @out_join1(%logical_core_0, {%logical_mem_1 dimensionsFromStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>]}, 2 : i32) : !aie.objectfifo<memref<64xi16>>  
    aie.objectfifo.link [@out_join0, @out_join1] -> [@out]([0, 64] [])
    %0 = aie.core(%logical_core) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %2 = aie.objectfifo.acquire @in_split0(Consume, 1) : !aie.objectfifosubview<memref<64xi16>>
        %3 = aie.objectfifo.subview.access %2[0] : !aie.objectfifosubview<memref<64xi16>> -> memref<64xi16>
        %4 = aie.objectfifo.acquire @out_join0(Produce, 1) : !aie.objectfifosubview<memref<64xi16>>
        %5 = aie.objectfifo.subview.access %4[0] : !aie.objectfifosubview<memref<64xi16>> -> memref<64xi16>
        %c0_3 = arith.constant 0 : index
        %c64 = arith.constant 64 : index
        %c1_4 = arith.constant 1 : index
        scf.for %arg1 = %c0_3 to %c64 step %c1_4 {
          %6 = memref.load %3[%arg1] : memref<64xi16>
          %c1_i16 = arith.constant 1 : i16
          %7 = arith.addi %6, %c1_i16 : i16
          memref.store %7, %5[%arg1] : memref<64xi16>
        }
        aie.objectfifo.release @in_split0(Consume, 1)
        aie.objectfifo.release @out_join0(Produce, 1)
      }
      aie.end
    }
    %1 = aie.core(%logical_core_0) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %2 = aie.objectfifo.acquire @in_split1(Consume, 1) : !aie.objectfifosubview<memref<64xi16>>
        %3 = aie.objectfifo.subview.access %2[0] : !aie.objectfifosubview<memref<64xi16>> -> memref<64xi16>
        %4 = aie.objectfifo.acquire @out_join1(Produce, 1) : !aie.objectfifosubview<memref<64xi16>>
        %5 = aie.objectfifo.subview.access %4[0] : !aie.objectfifosubview<memref<64xi16>> -> memref<64xi16>
        %c0_3 = arith.constant 0 : index
        %c64 = arith.constant 64 : index
        %c1_4 = arith.constant 1 : index
        scf.for %arg1 = %c0_3 to %c64 step %c1_4 {
          %6 = memref.load %3[%arg1] : memref<64xi16>
          %c1_i16 = arith.constant 1 : i16
          %7 = arith.addi %6, %c1_i16 : i16
          memref.store %7, %5[%arg1] : memref<64xi16>
        }
        aie.objectfifo.release @in_split1(Consume, 1)
        aie.objectfifo.release @out_join1(Produce, 1)
      }
      aie.end
    }
    aie.runtime_sequence(%arg0: memref<1024xi16>, %arg1: memref<1024xi16>) {
      %2 = aiex.dma_configure_task_for @in {
        aie.dma_bd(%arg0 : memref<1024xi16> offset = 0 len = 1024 sizes = [1, 8, 8, 16] strides = [0, 16, 128, 1])
        aie.end
      }
      aiex.dma_start_task(%2)
      %3 = aiex.dma_configure_task_for @out {
        aie.dma_bd(%arg1 : memref<1024xi16> offset = 0 len = 1024 sizes = [1, 1, 1, 1024] strides = [0, 0, 0, 1])
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%3)
      aiex.dma_await_task(%3)
      aiex.dma_free_task(%2)
      aiex.dma_free_task(%3)
    }
  }
}

