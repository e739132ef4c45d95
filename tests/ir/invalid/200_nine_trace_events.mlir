module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.trace @w(%t) {
      aie.trace.packet id = 1 type = core
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.event<"LOCK_STALL">
      aie.trace.start broadcast = 15
      aie.trace.stop broadcast = 14
    }
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: trace 'w' has 9 events
//   because: a trace unit records 8
