module {
  aie.device(npu1) {
    %s = aie.tile(0, 0)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%t dimensionsToStream [<size = 4, stride = 4>, <size = 4, stride = 1>], {%s}, 2 : i32) {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 0, const_pad_after = 0>, <const_pad_before = 1, const_pad_after = 1>]>} : !aie.objectfifo<memref<16xi32>>
  }
}
// aie-opt: accepted in silence
// refused:
// in.mlir:5:5: ObjectFifo 'f' pads what it sends
//   because: its producer is tile (0, 2); only memory tiles pad
