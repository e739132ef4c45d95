// One name, two functions.
module {
  aie.device(npu1_1col) {
    func.func private @work(memref<16xi32>)
    func.func private @work(memref<16xi32>) // BUG
  }
}
