"""Flows and switches with ports that do not exist."""

import pytest

from tests.ir.refusals import Case, ids, refusal

CASES: list[Case] = [
    (
        "flow channel",
        """\
aie.flow(%s, DMA : 0, %t, DMA : 2)
""",
        """\
in.mlir:7:5: tile (0, 2) has no DMA channel 2
  because: its channels are 0..1 in each direction""",
    ),
    (
        "packet flow id",
        """\
aie.packet_flow(40) {
  aie.packet_source<%s, DMA : 0>
  aie.packet_dest<%t, DMA : 0>
}
""",
        """\
in.mlir:7:5: packet id 40
  because: the ids are 0..31""",
    ),
    (
        "packet flow without dest",
        """\
aie.packet_flow(1) {
  aie.packet_source<%s, DMA : 0>
}
""",
        """\
in.mlir:7:5: the packet flow of id 1 has no destination""",
    ),
    (
        "packet flow without source",
        """\
aie.packet_flow(1) {
  aie.packet_dest<%s, DMA : 0>
}
""",
        """\
in.mlir:7:5: the packet flow of id 1 has 0 sources""",
    ),
    (
        "packet end channel",
        """\
aie.packet_flow(1) {
  aie.packet_source<%m, DMA : 6>
  aie.packet_dest<%t, DMA : 0>
}
""",
        """\
in.mlir:8:7: tile (0, 1) has no DMA channel 6
  because: its channels are 0..5 in each direction""",
    ),
    (
        "port outside",
        """\
%x = aie.switchbox(%t) {
  aie.connect<South : 6, DMA : 0>
}
""",
        """\
in.mlir:8:7: tile (0, 2) has no slave port South : 6
  because: its slave ports South are 0..5""",
    ),
    (
        "port missing",
        """\
%x = aie.switchbox(%m) {
  aie.connect<East : 0, DMA : 0>
}
""",
        """\
in.mlir:8:7: tile (0, 1) has no slave port East : 0
  because: a memory tile has no slave ports East""",
    ),
    (
        "driven twice",
        """\
%x = aie.switchbox(%t) {
  aie.connect<South : 0, DMA : 0>
  aie.connect<South : 1, DMA : 0>
}
""",
        """\
in.mlir:9:7: port DMA : 0 of tile (0, 2) is driven twice
  because: first at in.mlir:8:7""",
    ),
    (
        "memory tile shift",
        """\
%x = aie.switchbox(%m) {
  aie.connect<South : 0, North : 1>
}
""",
        """\
in.mlir:8:7: a memory tile does not connect South : 0 to North : 1
  because: its switch passes North and South through on the same number only""",
    ),
    (
        "two arbiters",
        """\
%x = aie.switchbox(%t) {
  %0 = aie.amsel<0> (0)
  %1 = aie.amsel<1> (0)
  %2 = aie.masterset(DMA : 0, %0, %1)
}
""",
        """\
in.mlir:10:12: master port DMA : 0 has the arbiters [0, 1]
  because: a master port belongs to one arbiter""",
    ),
    (
        "arbiter",
        """\
%x = aie.switchbox(%t) {
  %0 = aie.amsel<6> (0)
}
""",
        """\
in.mlir:8:12: arbiter 6
  because: a switch has the arbiters 0..5""",
    ),
    (
        "master select",
        """\
%x = aie.switchbox(%t) {
  %0 = aie.amsel<0> (4)
}
""",
        """\
in.mlir:8:12: master select 4
  because: an arbiter has the selects 0..3""",
    ),
    (
        "five rules",
        """\
%x = aie.switchbox(%t) {
  %0 = aie.amsel<0> (0)
  aie.packet_rules(South : 0) {
    aie.rule(31, 0, %0)
    aie.rule(31, 1, %0)
    aie.rule(31, 2, %0)
    aie.rule(31, 3, %0)
    aie.rule(31, 4, %0)
  }
}
""",
        """\
in.mlir:9:7: slave port South : 0 has 5 packet rules
  because: a port has room for 4""",
    ),
    (
        "mux on core",
        """\
%x = aie.shim_mux(%t) {
}
""",
        """\
in.mlir:7:10: tile (0, 2) has no multiplexer
  because: only shim tiles have one""",
    ),
]


@pytest.mark.parametrize(("title", "module", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, module: str, message: str) -> None:
    assert refusal(module) == message
