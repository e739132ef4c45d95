module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @a(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @b(%t, {%s}, 2 : i32) : !aie.objectfifo<memref<16xi16>>
    aie.objectfifo.link [@a] -> [@b]([] [])
  }
}
// aie-opt: accepted in silence
// accepted: bytes are passed on; a link may change how they are read
