module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %l0 = aie.lock(%t)
    %l1 = aie.lock(%t)
    %l2 = aie.lock(%t)
    %l3 = aie.lock(%t)
    %l4 = aie.lock(%t)
    %l5 = aie.lock(%t)
    %l6 = aie.lock(%t)
    %l7 = aie.lock(%t)
    %l8 = aie.lock(%t)
    %l9 = aie.lock(%t)
    %l10 = aie.lock(%t)
    %l11 = aie.lock(%t)
    %l12 = aie.lock(%t)
    %l13 = aie.lock(%t)
    %l14 = aie.lock(%t)
    %l15 = aie.lock(%t)
    %l16 = aie.lock(%t)
  }
}
// aie-opt: rejected by aie-assign-lock-ids
// refused:
// in.mlir:20:12: Tile (0, 2) has too few locks
//   because: 17 are needed (lock without a name 17); the tile has 16
//   try: fewer fifos at this tile; each takes two locks per part
