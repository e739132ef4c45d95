"""Devices and tiles that are not on the grid."""

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "column outside",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(4, 2)
  }
}
""",
        """\
in.mlir:3:10: tile (4, 2) is outside npu1
  because: npu1 has columns 0..3 and rows 0..5""",
    ),
    (
        "row outside",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 6)
  }
}
""",
        """\
in.mlir:3:10: tile (0, 6) is outside npu1
  because: npu1 has columns 0..3 and rows 0..5""",
    ),
    (
        "column of small device",
        """\
module {
  aie.device(npu1_1col) {
    %t = aie.tile(1, 2)
  }
}
""",
        """\
in.mlir:3:10: tile (1, 2) is outside npu1_1col
  because: npu1_1col has columns 0..0 and rows 0..5""",
    ),
    (
        "tile outside of a device",
        """\
module {
  %t = aie.tile(0, 2)
}
""",
        """\
in.mlir:2:8: aie.tile stands outside of a device""",
    ),
    (
        "device inside",
        """\
module {
  aie.device(npu1) {
    aie.device(npu1) @inner {
    }
  }
}
""",
        """\
in.mlir:3:5: device @inner stands inside another operation""",
    ),
    (
        "other device",
        """\
module {
  aie.device(npu2) {
  }
}
""",
        """\
in.mlir:2:3: device 'npu2' is not modelled
  try: one of npu1, npu1_1col, npu1_2col, npu1_3col""",
    ),
    (
        "logical core in row 1",
        """\
module {
  aie.device(npu1) {
    %t = aie.logical_tile<CoreTile>(0, 1)
  }
}
""",
        """\
in.mlir:3:10: a core tile cannot be in row 1
  because: core tiles are in rows 2..5""",
    ),
    (
        "logical shim in row 2",
        """\
module {
  aie.device(npu1) {
    %t = aie.logical_tile<ShimNOCTile>(?, 2)
  }
}
""",
        """\
in.mlir:3:10: a shim tile cannot be in row 2
  because: shim tiles are in row 0""",
    ),
    (
        "logical column outside",
        """\
module {
  aie.device(npu1) {
    %t = aie.logical_tile<CoreTile>(7, ?)
  }
}
""",
        """\
in.mlir:3:10: column 7 is outside npu1
  because: its columns are 0..3""",
    ),
    (
        "logical kind missing",
        """\
module {
  aie.device(npu1) {
    %t = aie.logical_tile<ShimPLTile>(?, ?)
  }
}
""",
        """\
in.mlir:3:10: npu1 has no ShimPLTile
  try: one of CoreTile, MemTile, ShimNOCTile""",
    ),
    (
        "scheme on shim",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 0) {allocation_scheme = "bank-aware"}
  }
}
""",
        """\
in.mlir:3:10: a shim tile cannot have the allocation scheme 'bank-aware'
  because: it has no memory of its own""",
    ),
    (
        "unknown scheme",
        """\
module {
  aie.device(npu1) {
    %t = aie.tile(0, 2) {allocation_scheme = "clever"}
  }
}
""",
        """\
in.mlir:3:10: 'clever' is not an allocation scheme
  try: one of basic-sequential, bank-aware""",
    ),
    (
        "two cores",
        """\
aie.core(%t) {
  aie.end
}
aie.core(%t) {
  aie.end
}
""",
        """\
in.mlir:10:5: tile (0, 2) already has a core
  because: each core tile runs one program; the first is at in.mlir:7:5
  try: another tile, or one worker that does both""",
    ),
    (
        "two cores logical",
        """\
module {
  aie.device(npu1) {
    %t = aie.logical_tile<CoreTile>(?, ?)
    aie.core(%t) {
      aie.end
    }
    aie.core(%t) {
      aie.end
    }
  }
}
""",
        """\
in.mlir:7:5: the same logical tile already has a core
  because: each core tile runs one program; the first is at in.mlir:4:5
  try: another tile, or one worker that does both""",
    ),
    (
        "same name",
        """\
%a = aie.buffer(%t) {sym_name = "same"} : memref<4xi32>
%b = aie.buffer(%u) {sym_name = "same"} : memref<4xi32>
""",
        """\
in.mlir:8:10: the name 'same' is given twice
  because: aie.buffer at in.mlir:7:10 has it already
  try: another name""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
