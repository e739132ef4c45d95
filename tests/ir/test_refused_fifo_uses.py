"""Acquires, accesses and releases that do not fit their fifo."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "acquire zero",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @f(Consume, 0) : !aie.objectfifosubview<memref<16xi32>>
  aie.end
}
""",
        """\
in.mlir:9:12: ObjectFifo 'f': an operation acquires 0 objects
  because: the least is 1""",
    ),
    (
        "acquire too many",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @f(Consume, 3) : !aie.objectfifosubview<memref<16xi32>>
  aie.end
}
""",
        """\
in.mlir:9:12: 3 objects of ObjectFifo 'f' are acquired
  because: its depth at this end is 2
  try: a depth of 3""",
    ),
    (
        "acquire type",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<8xi32>>
  aie.end
}
""",
        """\
in.mlir:9:12: objects of ObjectFifo 'f' are acquired as memref<8xi32>
  because: they are memref<16xi32>""",
    ),
    (
        "acquire port",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @f(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
  aie.end
}
""",
        """\
in.mlir:9:12: the core on tile (0, 2) acquires as the producer of 'f'
  because: its producer is on tile (0, 0)""",
    ),
    (
        "acquire unknown",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @g(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
  aie.end
}
""",
        """\
in.mlir:9:12: there is no ObjectFifo 'g'""",
    ),
    (
        "access bounds",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
  %1 = aie.objectfifo.subview.access %0[1] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
  aie.end
}
""",
        """\
in.mlir:10:12: object 1 of ObjectFifo 'f' is used
  because: 1 object acquired; the first is object 0""",
    ),
    (
        "access type",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%t) {
  %0 = aie.objectfifo.acquire @f(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
  %1 = aie.objectfifo.subview.access %0[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<4x4xi32>
  aie.end
}
""",
        """\
in.mlir:10:12: an object of ObjectFifo 'f' is used as memref<4x4xi32>
  because: it is memref<16xi32>""",
    ),
    (
        "consumer elsewhere",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.core(%u) {
  aie.objectfifo.release @f(Consume, 1)
  aie.end
}
""",
        """\
in.mlir:9:7: the core on tile (0, 3) releases as a consumer of 'f'
  because: its consumers are on tile (0, 2)""",
    ),
    (
        "outside of a core",
        """\
aie.objectfifo @f(%s, {%t}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.release @f(Consume, 1)
""",
        """\
in.mlir:8:5: ObjectFifo 'f': an operation outside of a core releases objects""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
