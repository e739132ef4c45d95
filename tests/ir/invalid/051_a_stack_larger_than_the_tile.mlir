module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    aie.core(%t) {
      aie.end
    } {stack_size = 70000 : i32}
  }
}
// aie-opt: rejected by aie-assign-buffer-addresses
// refused:
// in.mlir:4:5: The stack of the core of tile (0, 2) leaves no memory for its buffers
//   because: stack_size is 70000 bytes; the tile has 65536
//   try: a smaller stack_size
