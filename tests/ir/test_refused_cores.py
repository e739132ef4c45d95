"""Cores in the wrong place, without an end, calling what is not there."""

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "core on memory tile",
        """\
aie.core(%m) {
  aie.end
}
""",
        """\
in.mlir:7:5: a core stands on tile (0, 1)
  because: it is no core tile""",
    ),
    (
        "empty core",
        """\
aie.core(%t) {
}
""",
        """\
in.mlir:7:5: the core has an empty body
  try: aie.end as its last operation""",
    ),
    (
        "core without end",
        """\
aie.core(%t) {
  %c = arith.constant 0 : index
}
""",
        """\
in.mlir:8:12: a block ends with 'arith.constant'
  because: that does not say where to go on
  try: aie.end, or a branch""",
    ),
    (
        "program and body",
        """\
aie.core(%t) {
  %c = arith.constant 0 : index
  aie.end
} {elf_file = "x.elf"}
""",
        """\
in.mlir:7:5: the core has the program 'x.elf' and a body as well
  try: one of the two""",
    ),
    (
        "two ways to link",
        """\
aie.core(%t) {
  aie.end
} {link_with = "a.o", link_files = ["a.o"]}
""",
        """\
in.mlir:7:5: the core has both link_with and link_files
  try: link_files alone""",
    ),
    (
        "negative stack",
        """\
aie.core(%t) {
  aie.end
} {stack_size = -1 : i32}
""",
        """\
in.mlir:7:5: the core's stack has -1 bytes""",
    ),
    (
        "event",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  aie.event(2)
  aie.end
}
""",
        """\
in.mlir:9:7: event 2 does not exist
  because: a core has events 0 and 1""",
    ),
    (
        "unknown function",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  func.call @nobody() : () -> ()
  aie.end
}
""",
        """\
in.mlir:9:7: function 'nobody' is not declared
  try: func.func private @nobody in the device""",
    ),
    (
        "argument type",
        """\
func.func private @k(memref<16xi32>)
%b = aie.buffer(%t) {sym_name = "b"} : memref<8xi32>
aie.core(%t) {
  func.call @k(%b) : (memref<8xi32>) -> ()
  aie.end
}
""",
        """\
in.mlir:10:7: argument 0 of the call of 'k' has the type memref<8xi32>
  because: the function takes memref<16xi32>""",
    ),
    (
        "argument count",
        """\
func.func private @k(memref<8xi32>)
aie.core(%t) {
  func.call @k() : () -> ()
  aie.end
}
""",
        """\
in.mlir:9:7: the call of 'k' has 0 arguments
  because: the function takes 1""",
    ),
    (
        "result type",
        """\
func.func private @k() -> i32
aie.core(%t) {
  %0 = func.call @k() : () -> i16
  aie.end
}
""",
        """\
in.mlir:9:12: the call of 'k' has results (i16)
  because: the function returns (i32)""",
    ),
    (
        "unsigned constant",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %c = arith.constant 1 : ui8
  aie.end
}
""",
        """\
in.mlir:9:27: a constant of type ui8: arith computes on signless integers only""",
    ),
    (
        "narrow cascade",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %v = arith.constant dense<0> : vector<8xi32>
  aie.put_cascade(%v : vector<8xi32>)
  aie.end
}
""",
        """\
in.mlir:10:7: a cascade value of type vector<8xi32>
  because: it has 256 bits; the cascade is 512 bits wide""",
    ),
    (
        "cascade north",
        """\
aie.cascade_flow(%t, %u)
""",
        """\
in.mlir:7:5: there is no cascade from tile (0, 2) to tile (0, 3)
  because: it runs to the tile on the south or on the east""",
    ),
    (
        "cascade memory tile",
        """\
aie.cascade_flow(%m, %t)
""",
        """\
in.mlir:7:5: tile (0, 1) has no cascade
  because: only core tiles have one""",
    ),
    (
        "configure cascade shim",
        """\
aie.configure_cascade(%s, West, South)
""",
        """\
in.mlir:7:5: tile (0, 0) has no cascade
  because: only core tiles have one""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
