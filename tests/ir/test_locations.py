"""Where an operation comes from: the line of the text, or of the author's program."""

from xdsl.dialects.builtin import UnknownLoc

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
