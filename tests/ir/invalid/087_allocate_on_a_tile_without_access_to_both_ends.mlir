module {
  aie.device(npu1) {
    %a = aie.tile(0, 2)
    %b = aie.tile(0, 3)
    %c = aie.tile(2, 4)
    aie.objectfifo @f(%a, {%b}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.allocate @f(%c)
  }
}
// aie-opt: error printed, exit status 0 by aie-objectFifo-stateful-transform
// refused:
// in.mlir:7:5: ObjectFifo 'f' cannot keep its objects in the memory of tile (2, 4)
//   because: the producer (0, 2) and the consumer (0, 3) both reach only (0, 2), (0, 3)
//   try: delegate_tile (0, 2)
