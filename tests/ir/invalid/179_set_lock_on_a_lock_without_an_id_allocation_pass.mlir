module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %l = aie.lock(%t) {sym_name = "l"}
    aie.runtime_sequence() {
      aiex.set_lock(%l, 1)
    }
  }
}
// aie-opt: rejected by aie-lower-set-lock
// accepted: locks get their ids in every lowering
