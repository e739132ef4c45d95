"""`affine` operations of a core as loops, branches and index arithmetic."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, print_module
from ironbird.passes.pipeline import lower

MODULE = """
#set = affine_set<(d0) : (d0 - 3 >= 0, d0 - 5 == 0)>
module {{
  aie.device(npu1) {{
    %tile = aie.tile(0, 2)
    %plane = aie.buffer(%tile) {{sym_name = "plane"}} : memref<8x8xi32>
    %core = aie.core(%tile) {{
      %c3 = arith.constant 3 : index
{body}
      aie.end
    }}
  }}
}}
"""


def lowered(body: str) -> list[str]:
    """The lines of the core behind its first constant."""
    text = print_module(lower(parse_module(MODULE.format(body=body)), stop_after="lower-affine"))
    inside = text.split("aie.core(")[1].split("aie.end")[0].splitlines()[2:]
    return [line.strip() for line in inside if line.strip()]


def test_a_loop_with_an_access():
    assert lowered(
        """
        affine.for %i = 1 to 8 step 2 {
          %v = affine.load %plane[%i, %i - 1] : memref<8x8xi32>
          affine.store %v, %plane[0, %i] : memref<8x8xi32>
        }
        """
    ) == [
        "%c1 = arith.constant 1 : index",
        "%c8 = arith.constant 8 : index",
        "%c2 = arith.constant 2 : index",
        "scf.for %arg0 = %c1 to %c8 step %c2 {",
        "%c-1 = arith.constant -1 : index",
        "%0 = arith.addi %arg0, %c-1 : index",
        "%1 = memref.load %plane[%arg0, %0] : memref<8x8xi32>",
        "%c0 = arith.constant 0 : index",
        "memref.store %1, %plane[%c0, %arg0] : memref<8x8xi32>",
        "}",
    ]


def test_a_modulus_is_never_negative():
    assert lowered("%r = affine.apply affine_map<(d0) -> (d0 mod 5)>(%c3)") == [
        "%c5 = arith.constant 5 : index",
        "%0 = arith.remsi %c3, %c5 : index",
        "%c0 = arith.constant 0 : index",
        "%1 = arith.cmpi slt, %0, %c0 : index",
        "%2 = arith.addi %0, %c5 : index",
        "%3 = arith.select %1, %2, %0 : index",
    ]


def test_the_least_of_several():
    assert lowered("%r = affine.min affine_map<(d0) -> (d0, 4)>(%c3)") == [
        "%c4 = arith.constant 4 : index",
        "%0 = arith.minsi %c3, %c4 : index",
    ]


def test_nothing_affine_is_left_alone():
    body = '"affine.parallel"() ({ }) {operandSegmentSizes = array<i32: 0>} : () -> ()'
    with pytest.raises(DesignError) as refusal:
        lowered(body)
    assert refusal.value.what == "affine.parallel is not lowered"
