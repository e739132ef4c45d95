module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.trace @w(%t) {
      aie.trace.packet id = 1 type = core
      aie.trace.event<"LOCK_STALL">
      aie.trace.start broadcast = 15
      aie.trace.stop broadcast = 14
    }
  }
}
// aie-opt: rejected by aie-insert-trace-flows
// refused:
// in.mlir:5:5: the device has traces and no runtime sequence that starts them
//   try: aie.runtime_sequence with aie.trace.start_config
