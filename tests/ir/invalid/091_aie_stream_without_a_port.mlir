module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @f(%t, {%u}, 2 : i32) {aie_stream = 0 : i32} : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: rejected by parser / verifier
// refused:
// in.mlir:5:5: ObjectFifo 'f' has aie_stream without aie_stream_port
