module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    %u = aie.tile(0, 3)
    aie.objectfifo @a(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @b(%t, {%s}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.link [@a] -> [@b]([] [])
    aie.core(%t) {
      %ps = aie.objectfifo.acquire @b(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
      %p0 = aie.objectfifo.subview.access %ps[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      aie.objectfifo.release @b(Produce, 1)
      aie.end
    }
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:11:13: The core of tile (0, 2) uses ObjectFifo 'b', which is linked there
//   because: the DMA moves the objects of a link on without the core
//   try: leave the link out and copy in the core, or link on a memory tile
