module {
  %t = aie.tile(0, 2)
}
// aie-opt: accepted in silence
// refused:
// in.mlir:2:8: aie.tile stands outside of a device
