module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    aie.shim_dma_allocation @g(%s, MM2S, 0)
    aie.shim_dma_allocation @h(%s, S2MM, 0)
    aie.bd_chain @c(%b : memref<64xi32>) {
      aie.dma_bd(%b : memref<64xi32>, 0, 64)
      aie.end
    }
    aie.runtime_sequence(%a : memref<64xi32>) {
      %t = aiex.dma_start_bd_chain_for @c(%a) : (memref<64xi32>) for @g
    }
  }
}
// aie-opt: rejected by aie-materialize-runtime-sequences
// accepted: the chain is written out as a task; no pass stands in the way here
