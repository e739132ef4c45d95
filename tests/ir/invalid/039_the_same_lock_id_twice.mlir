module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %a = aie.lock(%t, 3)
    %b = aie.lock(%t, 3)
  }
}
// aie-opt: rejected by aie-assign-lock-ids
// refused:
// in.mlir:5:10: Locks without a name and without a name of tile (0, 2) both have id 3
//   try: leave one id out to have it chosen
