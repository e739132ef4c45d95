module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.trace @w(%t) {
      aie.trace.packet id = 1 type = core
      aie.trace.event<"NOT_AN_EVENT">
      aie.trace.start broadcast = 15
      aie.trace.stop broadcast = 14
    }
    aie.runtime_sequence(%a : memref<4xi32>) {
      aie.trace.host_config buffer_size = 4096
      aie.trace.start_config @w
    }
  }
}
// aie-opt: rejected by aie-trace-to-config
// refused:
// in.mlir:7:7: unknown trace event 'NOT_AN_EVENT'
//   because: its event number is unknown here
