module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.lock(%t, 3)
    %b = aie.lock(%t, 3)
  }
}
// aie-opt: rejected by aie-assign-lock-ids
// refused:
// in.mlir:5:10: Lock without a name of tile (0, 2) has id 3
//   because: lock without a name at in.mlir:4:10 has it already
//   try: leave one id out to have it chosen
