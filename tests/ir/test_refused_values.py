"""Values and properties that are not what an operation takes."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "a start outside of a program",
        """\
aie.core(%t) {
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb1)
^bb1:
  aie.end
}
""",
        """\
in.mlir:8:12: aie.dma_start stands outside of a DMA program""",
    ),
    (
        "a task on no tile",
        """\
%n = arith.constant 0 : index
aie.runtime_sequence(%a: memref<4xi32>) {
  %x = aiex.dma_configure_task(%n, MM2S, 0) {
    aie.dma_bd(%a : memref<4xi32>)
    aie.end
  }
}
""",
        """\
in.mlir:9:12: a task is configured on a value that is not a tile""",
    ),
    (
        "objects from elsewhere",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
func.func @g(%v: !aie.objectfifosubview<memref<16xi32>>) {
  %0 = aie.objectfifo.subview.access %v[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  return
}
""",
        """\
in.mlir:9:12: the objects were not acquired by aie.objectfifo.acquire""",
    ),
    (
        "a buffer on no tile",
        """\
%n = arith.constant 0 : index
%b = aie.buffer(%n) : memref<4xi32>
""",
        """\
in.mlir:8:10: a buffer is not on a tile""",
    ),
    (
        "a lock on no tile",
        """\
%n = arith.constant 0 : index
%l = aie.lock(%n)
""",
        """\
in.mlir:8:10: a lock is not on a tile""",
    ),
    (
        "a core on no tile",
        """\
%n = arith.constant 0 : index
aie.core(%n) {
  aie.end
}
""",
        """\
in.mlir:8:5: a core stands on a value that is not a tile
  because: it is no core tile""",
    ),
    (
        "a core on a logical memory tile",
        """\
%v = aie.logical_tile<MemTile>(?, ?)
aie.core(%v) {
  aie.end
}
""",
        """\
in.mlir:8:5: a core stands on a logical memory tile
  because: it is no core tile""",
    ),
    (
        "a flow to no tile",
        """\
%n = arith.constant 0 : index
aie.flow(%s, DMA : 0, %n, DMA : 0)
""",
        """\
in.mlir:8:5: a flow ends at a value that is not a tile""",
    ),
    (
        "a switchbox on no tile",
        """\
%n = arith.constant 0 : index
%x = aie.switchbox(%n) {
}
""",
        """\
in.mlir:8:10: a switchbox on a value that is not a tile""",
    ),
    (
        "a value for no lock",
        """\
aie.runtime_sequence() {
  aiex.set_lock(%t, 1)
}
""",
        """\
in.mlir:8:7: aiex.set_lock names a value that is not a lock""",
    ),
    (
        "a release that enables an acquire",
        """\
%l = aie.lock(%t)
aie.core(%t) {
  %c = arith.constant 1 : i32
  aie.use_lock(%l, Release, %c) {acq_en = true}
  aie.end
}
""",
        """\
in.mlir:10:7: acq_en is set on a release
  because: it enables an acquire""",
    ),
    (
        "an initial value of another shape",
        """\
%b = "aie.buffer"(%t) <{aligned = true, initial_value = dense<1> : tensor<3xi32>}> : (index) -> memref<4xi32>
""",
        """\
in.mlir:7:10: the initial value of a buffer has the shape [3]
  because: the buffer has [4]""",
    ),
    (
        "layouts for other consumers",
        """\
"aie.objectfifo"(%m, %t) <{dimensionsFromStreamPerConsumer = #aie<bd_dim_layout_array_array[[], []]>, dimensionsToStream = #aie<bd_dim_layout_array[]>, disable_synchronization = false, elemNumber = 2 : i32, elemType = !aie.objectfifo<memref<16xi32>>, plio = false, sym_name = "f", via_DMA = false}> : (index, index) -> ()
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has 2 consumer layouts
  because: it has 1 consumer""",
    ),
    (
        "an initial value without numbers",
        """\
aie.objectfifo @f(%m, {%t}, 1 : i32) : !aie.objectfifo<memref<2xi32>> = [7 : i32]
""",
        """\
in.mlir:7:5: an initial value of ObjectFifo 'f' is no dense value: 7 : i32""",
    ),
    (
        "channels of other consumers",
        """\
aie.objectfifo @f(%m, {%t}, 2 : i32) {cons_dma_channels = array<i32: 0, 1>} : !aie.objectfifo<memref<2xi32>>
""",
        """\
in.mlir:7:5: ObjectFifo 'f' has 2 consumer channels
  because: it has 1 consumer""",
    ),
    (
        "a link to nowhere",
        """\
aie.objectfifo.link [] -> []([] [])
""",
        """\
in.mlir:7:5: a link without an input or without an output""",
    ),
    (
        "a call without a name",
        """\
aie.core(%t) {
  "func.call"() : () -> ()
  aie.end
}
""",
        """\
in.mlir:8:7: 'func.call' has no property 'callee'""",
    ),
    (
        "a run-time size without a value",
        """\
%b = aie.buffer(%t) : memref<4xi32>
%k = aie.mem(%t) {
  %x = aie.dma_start(MM2S, 0, ^bb1, ^bb2)
^bb1:
  "aie.dma_bd"(%b) <{operandSegmentSizes = array<i32: 1, 0, 0, 0, 0>, static_sizes = array<i64: -9223372036854775808>, static_strides = array<i64: 1>}> : (memref<4xi32>) -> ()
  aie.next_bd ^bb2
^bb2:
  aie.end
}
""",
        """\
in.mlir:11:7: 'aie.dma_bd' is not well formed
  because: 1 of the sizes come at run time, but there are 0 operands""",
    ),
    (
        "an unsigned constant in generic form",
        """\
aie.core(%t) {
  %c = "arith.constant"() <{value = 1 : ui8}> : () -> ui8
  aie.end
}
""",
        """\
in.mlir:8:12: 'arith.constant' is not well formed
  because: Expected attribute #builtin.signedness<signless> but got #builtin.signedness<unsigned>""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
