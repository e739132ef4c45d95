module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m dimensionsToStream [<size = 4, stride = 4>, <size = 4, stride = 1>], {%t}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>]>} : !aie.objectfifo<memref<4x6xi32>>
  }
}
// aie-opt: rejected by aie-objectFifo-stateful-transform
// refused:
// in.mlir:5:5: ObjectFifo 'f' pads 1 dimension
//   because: its layout has 2
