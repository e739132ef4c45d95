"""Cascades become sides of cores; impossible ones are refused."""

import pytest

from ironbird.passes.lower_cascades import LowerCascades
from tests.passes.refusals import refusal

CASES = {
    "not neighbours": (
        """\
%a = aie.tile(0, 3)
%b = aie.tile(2, 3)
aie.cascade_flow(%a, %b)""",
        """\
design.mlir:4:1: No cascade leads from tile (0, 3) to tile (2, 3)
  because: a cascade leaves to the south, (0, 2), or to the east, (1, 3)
  try: place the cores side by side in that order, or leave their tiles open""",
    ),
    "to the north": (
        """\
%a = aie.tile(0, 3)
%b = aie.tile(0, 4)
aie.cascade_flow(%a, %b)""",
        """\
design.mlir:4:1: No cascade leads from tile (0, 3) to tile (0, 4)
  because: a cascade leaves to the south, (0, 2), or to the east, (1, 3)
  try: place the cores side by side in that order, or leave their tiles open""",
    ),
    "two into one": (
        """\
%a = aie.tile(0, 3)
%b = aie.tile(1, 4)
%c = aie.tile(1, 3)
aie.cascade_flow(%a, %c)
aie.cascade_flow(%b, %c)""",
        """\
design.mlir:6:1: Two cascades lead into the core of tile (1, 3)
  because: the first is at design.mlir:5:1; a core has one in and one out""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerCascades()) == message
