"""Text that is not a module: the line and the column."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "unknown operation",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 2)
    %x = aie.teleport(%t)
  }
}
""",
        """\
in.mlir:4:10: operation 'aie.teleport' is not known""",
    ),
    (
        "unknown dialect",
        """\
module {
  llvm.mlir.undef
}
""",
        """\
in.mlir:2:3: operation 'llvm.mlir.undef' is not known""",
    ),
    (
        "unclosed",
        """\
module {
  aie.device(npu1) {
""",
        """\
in.mlir:3:1: the text ends where an operation is not finished""",
    ),
    (
        "missing parenthesis",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 2
  }
}
""",
        """\
in.mlir:4:3: ')' expected""",
    ),
    (
        "number too wide",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 99999999999)
  }
}
""",
        """\
in.mlir:3:22: 99999999999 does not fit i32""",
    ),
    (
        "unknown word",
        """\
module {
  aie.device(npu1) {
    %t = aie.logical_tile<ComputeTile>(?, ?)
  }
}
""",
        """\
in.mlir:3:27: unknown tile type 'ComputeTile'; known: CoreTile, MemTile, ShimNOCTile, ShimPLTile""",
    ),
    (
        "unknown action",
        """\
%l = aie.lock(%t)
%c = arith.constant 1 : i32
aie.use_lock(%l, Grab, %c)
""",
        """\
in.mlir:9:22: unknown lock action 'Grab'; known: Acquire, Release, AcquireGreaterEqual""",
    ),
    (
        "undefined value",
        """\
module {
  aie.device(npu1) {
    %l = aie.lock(%ghost)
  }
}
""",
        """\
in.mlir:3:19: value %ghost is used but never defined""",
    ),
    (
        "wrong type",
        """\
%c = arith.constant 1 : i32
%l = aie.lock(%c)
""",
        """\
in.mlir:8:19: operand is used with type index, but has been previously used or defined with type i32""",
    ),
    (
        "too many names",
        """\
%a, %b = aie.lock(%t)
""",
        """\
in.mlir:7:14: 'aie.lock' has 1 results, but 2 names""",
    ),
    (
        "dynamic buffer",
        """\
%b = aie.buffer(%t) : memref<?xi32>
""",
        """\
in.mlir:7:27: type should be static shaped memref, but got 'memref<?xi32>'""",
    ),
    (
        "initial value shape",
        """\
%b = aie.buffer(%t) : memref<4xi32> = dense<[1, 2, 3]>
""",
        """\
in.mlir:7:43: Shape mismatch in dense literal. Expected [4] shape from the type, but got [3] shape.""",
    ),
    (
        "element no memref",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<i32>
""",
        """\
in.mlir:7:60: invalid kind of type specified: expected builtin.memref, but found 'i32'""",
    ),
    (
        "unknown comparison",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %c = arith.constant 1 : i32
  %d = arith.cmpi bigger, %c, %c : i32
  aie.end
}
""",
        """\
in.mlir:10:23: unknown comparison 'bigger'; known: eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge""",
    ),
    (
        "empty",
        """\
// nothing here
""",
        """\
in.mlir:2:1: the text holds no operation""",
    ),
    (
        "unknown device",
        """\
module {
  aie.device(npu9) {
  }
}
""",
        """\
in.mlir:2:14: unknown device 'npu9'; known: xcvc1902, xcve2302, xcve2802, npu1, npu1_1col, npu1_2col, npu1_3col, npu2""",
    ),
    (
        "end in the middle",
        """\
module {
  aie.device(npu1) {
    aie.end
    %t = aie.tile(0, 2)
  }
}
""",
        """\
in.mlir:3:5: 'aie.end' is not well formed
  because: 'aie.end' must be the last operation in its parent block""",
    ),
    (
        "number without a meaning",
        """\
"aie.objectfifo.release"() <{objFifo_name = @f, port = 7 : i32, size = 1 : i32}> : () -> ()
""",
        """\
in.mlir:7:5: 'aie.objectfifo.release' is not well formed
  because: 7 has no meaning; known: 0 Produce, 1 Consume""",
    ),
    (
        "integer type too wide",
        """\
%c = arith.constant 1 : i99999999
""",
        """\
in.mlir:7:29: i99999999: an integer type has at most 16777215 bits""",
    ),
    (
        "missing property",
        """\
"aie.objectfifo.allocate"(%t) : (index) -> ()
""",
        """\
in.mlir:7:5: 'aie.objectfifo.allocate' is not well formed
  because: property 'objFifo_name' expected in operation 'aie.objectfifo.allocate'""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
