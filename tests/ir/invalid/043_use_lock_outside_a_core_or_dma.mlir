module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %l = aie.lock(%t, 0)
    aie.runtime_sequence() {
      aie.use_lock(%l, Release, 1)
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:6:7: aie.use_lock stands outside of a core, a function, a DMA program and a task
