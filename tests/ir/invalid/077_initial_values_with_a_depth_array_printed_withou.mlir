module {
  aie.device(npu1) {
    %m = aie.tile(0, 1)
    %t = aie.tile(0, 2)
    aie.objectfifo @f(%m, {%t}, [1, 2]) : !aie.objectfifo<memref<2xi32>> = [dense<1> : memref<2xi32>]
  }
}
// aie-opt: crashes by printer
// accepted: both buffers of the producer's end have their value
