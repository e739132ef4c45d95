"""Where an operation comes from: the line of the text, or of the author's program."""

import pytest
from xdsl.dialects.builtin import UnknownLoc

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir import (
    location_of,
    name_of_location,
    named_location,
    parse_module,
    print_module,
    source_line_of,
)
from ironbird.ir.aie import CoreOp, EndOp, TileOp

TEXT = """\
module {
  aie.device(npu1) {
    %tile_0_2 = aie.tile(0, 2)
    "aie.event"() <{val = 0 : i32}> : () -> ()
    %core_0_2 = aie.core(%tile_0_2) {
      aie.end
    }
  }
}
"""


def test_a_parsed_operation_knows_its_line_and_the_column_of_its_name() -> None:
    module = parse_module(TEXT, "design.mlir")
    places = {op.name: source_line_of(op) for op in module.walk()}
    assert places == {
        "builtin.module": SourceLine("design.mlir", 1, 1),
        "aie.device": SourceLine("design.mlir", 2, 3),
        "aie.tile": SourceLine("design.mlir", 3, 17),
        "aie.event": SourceLine("design.mlir", 4, 5),
        "aie.core": SourceLine("design.mlir", 5, 17),
        "aie.end": SourceLine("design.mlir", 2, 3),
    }


def test_a_written_location_wins_over_the_place_in_the_text() -> None:
    text = '"aie.event"() <{val = 0 : i32}> : () -> () loc("kernel.py":12:7)'
    (event,) = parse_module(text, "design.mlir").body.block.ops
    assert source_line_of(event) == SourceLine("kernel.py", 12, 7)


def test_a_location_behind_the_compact_form_wins_too() -> None:
    text = 'aie.event(0) loc("in0"("kernel.py":12:7))'
    (event,) = parse_module(text, "design.mlir").body.block.ops
    assert source_line_of(event) == SourceLine("kernel.py", 12, 7)
    assert name_of_location(event) == "in0"


def test_locations_may_have_names_that_are_defined_behind_their_uses() -> None:
    text = """\
#loc = loc(unknown)
module {
  aie.device(npu1) {
    %t = aie.tile(0, 2) loc(#loc1)
    %b = aie.buffer(%t) : memref<8xi32> loc(#loc2)
    %c = aie.buffer(%t) : memref<8xi32> loc(fused[#loc, #loc2])
    %d = aie.buffer(%t) : memref<8xi32> loc(callsite("f"(#loc) at "design.py":7:1))
  } loc(#loc)
} loc(#loc)
#loc1 = loc("design.py":5:9)
#loc2 = loc("in0"(#loc1))
"""
    module = parse_module(text, "design.mlir")
    (tile,) = [op for op in module.walk() if op.name == "aie.tile"]
    buffer, fused, called = [op for op in module.walk() if op.name == "aie.buffer"]
    assert source_line_of(tile) == SourceLine("design.py", 5, 9)
    assert source_line_of(buffer) == SourceLine("design.py", 5, 9)
    assert name_of_location(buffer) == "in0"
    assert source_line_of(fused) == SourceLine("design.py", 5, 9)
    assert source_line_of(called) == SourceLine("design.py", 7, 1)


def test_a_location_that_nobody_names_is_refused_where_it_is_used() -> None:
    text = "module {\n  aie.device(npu1) {\n  } loc(#loc7)\n}\n#loc1 = loc(unknown)\n"
    with pytest.raises(DesignError) as caught:
        parse_module(text, "design.mlir")
    assert str(caught.value) == "design.mlir:3:14: undefined symbol alias '#loc7'"


def test_a_name_that_means_nothing_is_refused_at_its_line() -> None:
    text = "module {\n}\n#loc1 = loc(nowhere)\n"
    with pytest.raises(DesignError) as caught:
        parse_module(text, "design.mlir")
    assert str(caught.value) == "design.mlir:3:20: Unsupported location type."


def test_an_operation_without_a_line_has_the_one_of_what_is_round_it() -> None:
    end = EndOp()
    core = CoreOp(TileOp(0, 2))
    core.body.block.add_op(end)
    assert source_line_of(end) is None
    core.location = location_of(SourceLine("kernel.py", 3))
    assert source_line_of(end) == SourceLine("kernel.py", 3)


def test_a_named_location_has_a_name_and_a_line() -> None:
    tile = TileOp(0, 2)
    assert name_of_location(tile) is None
    tile.location = named_location("in0:free", SourceLine("kernel.py", 8))
    assert name_of_location(tile) == "in0:free"
    assert source_line_of(tile) == SourceLine("kernel.py", 8)


def test_a_name_without_a_line_still_finds_the_line_round_it() -> None:
    core = CoreOp(TileOp(0, 2))
    end = EndOp()
    core.body.block.add_op(end)
    core.location = location_of(SourceLine("kernel.py", 3))
    end.location = named_location("in0", None)
    assert source_line_of(end) == SourceLine("kernel.py", 3)


def test_no_line_is_the_unknown_location() -> None:
    assert isinstance(location_of(None), UnknownLoc)


def test_locations_are_not_printed_and_do_not_make_modules_differ() -> None:
    here, there = parse_module(TEXT, "here.mlir"), parse_module("\n\n" + TEXT, "there.mlir")
    assert print_module(here) == print_module(there)
    assert here.is_structurally_equivalent(there)
