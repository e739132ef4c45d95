"""What each construct emits, as whole modules."""

import numpy as np
from ironbird.iron import Buffer, Kernel, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1, NPU1Col1, Tile
from ironbird.iron.taplib import TensorAccessPattern
from iron_programs import array, text_of


def test_one_core_with_a_kernel():
    tensor, whole = array(64), array(1024)
    x, y = ObjectFifo(tensor, name="x"), ObjectFifo(tensor, name="y")
    scale = Kernel("scale_i32", "scale.o", [tensor, tensor, np.int32])

    def body(xi, yo, fn):
        a, b = xi.acquire(1), yo.acquire(1)
        fn(a, b, 64)
        xi.release(1)
        yo.release(1)

    def sequence(a, b, xi, yo):
        xi.fill(a)
        yo.drain(b, wait=True)

    worker = Worker(body, [x.cons(), y.prod(), scale])
    runtime = Runtime(sequence, [whole, whole, x.prod(), y.cons()])
    assert text_of(Program(NPU1(), runtime, workers=[worker])) == ONE_CORE


ONE_CORE = """\
module {
  aie.device(npu1) {
    %logical_core = aie.logical_tile<CoreTile>(?, ?)
    %logical_shim_noc = aie.logical_tile<ShimNOCTile>(?, ?)
    %logical_shim_noc_0 = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @x(%logical_shim_noc, {%logical_core}, 2 : i32) : !aie.objectfifo<memref<64xi32>>  
    aie.objectfifo @y(%logical_core, {%logical_shim_noc_0}, 2 : i32) : !aie.objectfifo<memref<64xi32>>  
    func.func private @scale_i32(memref<64xi32>, memref<64xi32>, i32) attributes {link_with = "scale.o"}
    %0 = aie.core(%logical_core) {
      %c0 = arith.constant 0 : index
      %c9223372036854775807 = arith.constant 9223372036854775807 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {
        %1 = aie.objectfifo.acquire @x(Consume, 1) : !aie.objectfifosubview<memref<64xi32>>
        %2 = aie.objectfifo.subview.access %1[0] : !aie.objectfifosubview<memref<64xi32>> -> memref<64xi32>
        %3 = aie.objectfifo.acquire @y(Produce, 1) : !aie.objectfifosubview<memref<64xi32>>
        %4 = aie.objectfifo.subview.access %3[0] : !aie.objectfifosubview<memref<64xi32>> -> memref<64xi32>
        %c64_i32 = arith.constant 64 : i32
        func.call @scale_i32(%2, %4, %c64_i32) : (memref<64xi32>, memref<64xi32>, i32) -> ()
        aie.objectfifo.release @x(Consume, 1)
        aie.objectfifo.release @y(Produce, 1)
      }
      aie.end
    }
    aie.runtime_sequence(%arg0: memref<1024xi32>, %arg1: memref<1024xi32>) {
      %1 = aiex.dma_configure_task_for @x {
        aie.dma_bd(%arg0 : memref<1024xi32> offset = 0 len = 1024 sizes = [1, 1, 1, 1024] strides = [0, 0, 0, 1])
        aie.end
      }
      aiex.dma_start_task(%1)
      %2 = aiex.dma_configure_task_for @y {
        aie.dma_bd(%arg1 : memref<1024xi32> offset = 0 len = 1024 sizes = [1, 1, 1, 1024] strides = [0, 0, 0, 1])
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%2)
      aiex.dma_await_task(%2)
      aiex.dma_free_task(%1)
      aiex.dma_free_task(%2)
    }
  }
}

"""


def test_split_and_join_with_layouts_and_a_tiled_walk():
    whole, half, tensor = (array(n, dtype=np.int16) for n in (128, 64, 1024))
    block = TensorAccessPattern((8, 8), 0, [2, 8, 4], [4, 8, 1])
    fin, fout = ObjectFifo(whole, name="in"), ObjectFifo(whole, name="out")
    ins = fin.cons().split([0, 64], obj_types=[half, half], to_stream=[block, block])
    outs = fout.prod().join([0, 64], obj_types=[half, half], from_stream=[block, block])

    def add_one(source, sink):
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(64):
            b[i] = a[i] + 1
        source.release(1)
        sink.release(1)

    workers = [Worker(add_one, [i.cons(), o.prod()]) for i, o in zip(ins, outs, strict=True)]
    walk = TensorAccessPattern((8, 128), 0, [1, 8, 8, 16], [0, 16, 128, 1])

    def sequence(a, b, fill, drain):
        fill.fill(a, tap=walk)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [tensor, tensor, fin.prod(), fout.cons()])
    text = text_of(Program(NPU1(), runtime, workers=workers))
    assert [line.strip() for line in text.splitlines() if "objectfifo @" in line or ".link" in line] == [
        "aie.objectfifo @in(%logical_shim_noc, {%logical_mem}, 2 : i32) : !aie.objectfifo<memref<128xi16>>",
        "aie.objectfifo @in_split0(%logical_mem dimensionsToStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>], {%logical_core}, 2 : i32) : !aie.objectfifo<memref<64xi16>>",
        "aie.objectfifo @in_split1(%logical_mem dimensionsToStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>], {%logical_core_0}, 2 : i32) : !aie.objectfifo<memref<64xi16>>",
        "aie.objectfifo.link [@in] -> [@in_split0, @in_split1]([] [0, 64])",
        "aie.objectfifo @out(%logical_mem_1, {%logical_shim_noc_2}, 2 : i32) : !aie.objectfifo<memref<128xi16>>",
        "aie.objectfifo @out_join0(%logical_core, {%logical_mem_1 dimensionsFromStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>]}, 2 : i32) : !aie.objectfifo<memref<64xi16>>",
        "aie.objectfifo @out_join1(%logical_core_0, {%logical_mem_1 dimensionsFromStream [<size = 2, stride = 4>, <size = 8, stride = 8>, <size = 4, stride = 1>]}, 2 : i32) : !aie.objectfifo<memref<64xi16>>",
        "aie.objectfifo.link [@out_join0, @out_join1] -> [@out]([0, 64] [])",
    ]
    assert (
        "aie.dma_bd(%arg0 : memref<1024xi16> offset = 0 len = 1024 "
        "sizes = [1, 8, 8, 16] strides = [0, 16, 128, 1])" in text
    )


def test_barrier_and_runtime_parameter_of_a_core_that_runs_once():
    gain = Buffer(array(4), name="gain", use_write_rtp=True)
    go = WorkerRuntimeBarrier()
    y = ObjectFifo(array(16), name="y")

    def body(sink, parameter, barrier):
        barrier.wait_for_value(1)
        value, out = parameter[0], sink.acquire(1)
        for i in range_(16):
            out[i] = value
        sink.release(1)

    worker = Worker(body, [y.prod(), gain, go], tile=Tile(0, 2), while_true=False, stack_size=2048)

    def sequence(b, drain):
        gain[0] = 7
        go.set(1)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [array(16), y.cons()])
    assert text_of(Program(NPU1Col1(), runtime, workers=[worker])) == BARRIER


BARRIER = """\
module {
  aie.device(npu1_1col) {
    %logical_core = aie.logical_tile<CoreTile>(0, 2)
    %logical_shim_noc = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @y(%logical_core, {%logical_shim_noc}, 2 : i32) : !aie.objectfifo<memref<16xi32>>  
    %gain = aie.buffer(%logical_core) {sym_name = "gain"} : memref<4xi32> 
    %lock_0_2 = aie.lock(%logical_core)
    %core_0_2 = aie.core(%logical_core) {
      %c1_i32 = arith.constant 1 : i32
      aie.use_lock(%lock_0_2, Acquire, %c1_i32)
      %c0 = arith.constant 0 : index
      %0 = memref.load %gain[%c0] : memref<4xi32>
      %1 = aie.objectfifo.acquire @y(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
      %2 = aie.objectfifo.subview.access %1[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
      %c0_0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      %c1 = arith.constant 1 : index
      scf.for %arg0 = %c0_0 to %c16 step %c1 {
        memref.store %0, %2[%arg0] : memref<16xi32>
      }
      aie.objectfifo.release @y(Produce, 1)
      aie.end
    } {stack_size = 2048 : i32}
    aie.runtime_sequence(%arg0: memref<16xi32>) {
      %c7_i32 = arith.constant 7 : i32
      aiex.npu.rtp_write(@gain, 0, %c7_i32) : i32
      aiex.set_lock(%lock_0_2, 1)
      %0 = aiex.dma_configure_task_for @y {
        aie.dma_bd(%arg0 : memref<16xi32> offset = 0 len = 16 sizes = [1, 1, 1, 16] strides = [0, 0, 0, 1])
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%0)
      aiex.dma_await_task(%0)
      aiex.dma_free_task(%0)
    }
  }
}

"""
