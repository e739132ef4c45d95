"""Words and types that do not belong where they stand."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "a fifo of no fifo type",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : memref<16xi32>
""",
        """\
in.mlir:7:44: expected !aie.objectfifo, but found memref<16xi32>""",
    ),
    (
        "a fifo of unknown size",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<?xi32>>
""",
        """\
in.mlir:7:44: type should be static shaped memref, but got 'memref<?xi32>'""",
    ),
    (
        "a trace mode",
        """\
aie.trace @w(%t) {
  aie.trace.mode "Everything"
}
""",
        """\
in.mlir:8:22: unknown trace mode 'Everything'; known: Event-Time, Event-PC, Execution""",
    ),
    (
        "a constant without a type",
        """\
aie.core(%t) {
  %c = arith.constant @x
  aie.end
}
""",
        """\
in.mlir:8:27: a constant needs a typed value, not @x""",
    ),
    (
        "a global of no memref",
        """\
memref.global "private" @g : i32
""",
        """\
in.mlir:7:34: expected a memref, but found i32""",
    ),
    (
        "a comparison of indices",
        """\
aie.core(%t) {
  %n = index.constant 1
  %c = index.cmp bigger(%n, %n)
  aie.end
}
""",
        """\
in.mlir:9:22: unknown comparison 'bigger'; known: eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge""",
    ),
    (
        "a number that no attribute holds",
        """\
%b = aie.buffer(%t) {address = 99999999999 : i32} : memref<4xi32>
""",
        """\
in.mlir:7:53: this cannot be read: Integer value 99999999999 is out of range for type i32 which supports values in the range [-2147483648, 4294967296)""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
