"""Routes lead where the flows say, over ports that the switches have, each used once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from ironbird.base.device import Bundle, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1 import DEVICES, NPU1
from ironbird.ir import parse_module, print_module
from ironbird.ir.aie import FlowOp, TileOp
from ironbird.passes.pipeline import lower
from ironbird.plan import PhysicalPlan, Port, build_plan


def flows(text: str, device: str = "npu1") -> ModuleOp:
    """A module with every tile of `device` as `%t<column><row>` and with `text`."""
    columns = DEVICES[device].columns
    tiles = "\n".join(
        f"%t{column}{row} = aie.tile({column}, {row})"
        for column in range(columns)
        for row in range(6)
    )
    return parse_module(
        f"module {{\naie.device({device}) {{\n{tiles}\n{text}\n}}\n}}", "flows.mlir"
    )


def routed(text: str, device: str = "npu1") -> PhysicalPlan:
    """The plan of the module, which `verify-physical` has checked."""
    return build_plan(lower(flows(text, device)))


def circuit(source: tuple[Tile, int], end: tuple[Tile, int]) -> str:
    (start_tile, start), (end_tile, stop) = source, end
    return (
        f"aie.flow(%t{start_tile.column}{start_tile.row}, DMA : {start}, "
        f"%t{end_tile.column}{end_tile.row}, DMA : {stop})\n"
    )


def packets(number: int, source: str, *ends: str, options: str = "") -> str:
    destinations = "\n".join(f"aie.packet_dest<{end}>" for end in ends)
    return (
        f"aie.packet_flow({number}) {{\naie.packet_source<{source}>\n{destinations}\n}} {options}\n"
    )


CHANNELS = [
    (tile, channel)
    for kind in TileKind
    for tile in NPU1.tiles(kind)
    for channel in range(NPU1.model(tile).channels_each_way)
]


@st.composite
def circuits(draw: st.DrawFn) -> list[tuple[tuple[Tile, int], tuple[Tile, int]]]:
    """Pairs of DMA channels, each destination once."""
    ends = draw(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=40, unique=True))
    sources = draw(st.lists(st.sampled_from(CHANNELS), min_size=len(ends), max_size=len(ends)))
    return [
        (source, end)
        for source, end in zip(sources, ends, strict=True)
        if source != end and (source[0] != end[0] or NPU1.kind(end[0]) is TileKind.CORE)
    ]


@given(pairs=circuits(), routed_first=st.integers(0, 40))
def test_circuits_go_round_those_that_are_routed(pairs, routed_first: int) -> None:
    """A module with switchboxes for some flows gets ways for the others."""
    expected: dict[Port, set[Port]] = {}
    for (tile, channel), (end_tile, end_channel) in pairs:
        source = Port(tile, Bundle.DMA, channel)
        expected.setdefault(source, set()).add(Port(end_tile, Bundle.DMA, end_channel))
    try:
        module = lower(flows("".join(circuit(*pair) for pair in pairs[:routed_first])))
        (device,) = module.body.block.ops
        tiles = {op.tile: op.result for op in device.body.block.ops if isinstance(op, TileOp)}
        device.body.block.insert_ops_before(
            [
                FlowOp(
                    tiles[source[0]], (Bundle.DMA, source[1]), tiles[end[0]], (Bundle.DMA, end[1])
                )
                for source, end in pairs
            ],
            device.end,
        )
        plan = build_plan(lower(module))
    except DesignError as refusal:
        if not refusal.what.startswith("too many streams") and "has no way to" not in refusal.what:
            raise
        return
    assert {route.source: set(route.destinations) for route in plan.routes} == expected


@given(pairs=circuits())
def test_random_circuits_arrive_or_are_refused(pairs) -> None:
    text = "".join(circuit(source, end) for source, end in pairs)
    try:
        plan = routed(text)
    except DesignError as refusal:
        if "too many streams leave tile" not in refusal.what:
            raise
        return
    expected: dict[Port, set[Port]] = {}
    for (tile, channel), (end_tile, end_channel) in pairs:
        source = Port(tile, Bundle.DMA, channel)
        expected.setdefault(source, set()).add(Port(end_tile, Bundle.DMA, end_channel))
    assert {route.source: set(route.destinations) for route in plan.routes} == expected


CORES = [f"%t{column}{row}, DMA : 0" for row in range(2, 6) for column in range(4)]


def test_one_channel_reaches_all_cores_by_packets() -> None:
    """Sixteen ids at one input are four rules: the ids that go one way differ in few bits."""
    plan = routed("".join(packets(n, "%t00, DMA : 0", end) for n, end in enumerate(CORES)))
    assert [(route.packet_id, len(route.destinations)) for route in plan.routes] == [
        (number, 1) for number in range(16)
    ]


def test_all_cores_reach_one_channel_by_packets() -> None:
    text = "".join(
        packets(n, source, "%t00, DMA : 0", options="{keep_pkt_header = true}")
        for n, source in enumerate(CORES)
    )
    plan = routed(text)
    assert sorted(route.packet_id or 0 for route in plan.routes) == list(range(16))
    assert all(route.keep_header for route in plan.routes)


@given(
    st.lists(
        st.tuples(st.integers(0, 31), st.sampled_from(CHANNELS), st.sampled_from(CHANNELS)),
        max_size=12,
    )
)
def test_random_packets_arrive_where_their_id_says_or_are_refused(wanted) -> None:
    """Also where flows of one id cross, and where several ids start from or end in one channel."""
    expected: dict[tuple[Port, int], set[Port]] = {}
    text = ""
    for number, (tile, channel), (end_tile, end_channel) in wanted:
        key = Port(tile, Bundle.DMA, channel), number
        end = Port(end_tile, Bundle.DMA, end_channel)
        if tile == end_tile or end in expected.get(key, ()):
            continue
        expected.setdefault(key, set()).add(end)
        text += packets(
            number,
            f"%t{tile.column}{tile.row}, DMA : {channel}",
            f"%t{end_tile.column}{end_tile.row}, DMA : {end_channel}",
        )
    try:
        plan = routed(text)
    except DesignError as refusal:
        if not refusal.what.startswith(("too many", "an arbiter", "the switch of tile")):
            raise
        return
    found = {(route.source, route.packet_id): set(route.destinations) for route in plan.routes}
    assert found == expected


def test_flows_of_one_id_keep_apart() -> None:
    text = packets(5, "%t02, DMA : 0", "%t04, DMA : 0")
    text += packets(5, "%t02, DMA : 1", "%t04, DMA : 1")
    assert [(str(route.source), str(route.destinations[0])) for route in routed(text).routes] == [
        ("DMA 0 of tile (0, 2)", "DMA 0 of tile (0, 4)"),
        ("DMA 1 of tile (0, 2)", "DMA 1 of tile (0, 4)"),
    ]


def test_packets_to_several_ends_and_circuits_beside_them() -> None:
    text = packets(3, "%t01, DMA : 0", "%t02, DMA : 1", "%t13, DMA : 1")
    text += "aie.flow(%t01, DMA : 1, %t02, DMA : 0)\naie.flow(%t00, DMA : 1, %t13, DMA : 0)\n"
    routes = {(str(route.source), route.packet_id): route for route in routed(text).routes}
    assert [str(end) for end in routes["DMA 0 of tile (0, 1)", 3].destinations] == [
        "DMA 1 of tile (0, 2)",
        "DMA 1 of tile (1, 3)",
    ]
    assert len(routes) == 3


EIGHT_THROUGH_ONE_MEMORY_TILE = "".join(
    [
        *(f"aie.flow(%t01, DMA : {n}, %t0{2 + n // 2}, DMA : {n % 2})\n" for n in range(6)),
        *(f"aie.flow(%t00, DMA : {n}, %t05, DMA : {n})\n" for n in range(2)),
    ]
)


def test_streams_go_round_a_column_that_is_full() -> None:
    """Six wires lead north from the memory tile, which needs them all itself."""
    routes = {
        str(route.source): route.hops for route in routed(EIGHT_THROUGH_ONE_MEMORY_TILE).routes
    }
    assert routes["DMA 5 of tile (0, 1)"] == (4,)
    assert routes["DMA 0 of tile (0, 0)"] == (8,)


def test_routing_twice_prints_the_same() -> None:
    one, other = (lower(flows(EIGHT_THROUGH_ONE_MEMORY_TILE)) for _ in range(2))
    assert print_module(one) == print_module(other)


def test_a_routed_module_passes_through_untouched() -> None:
    once = lower(flows(EIGHT_THROUGH_ONE_MEMORY_TILE))
    assert print_module(lower(once)) == print_module(once)


def test_switches_are_written_as_mlir_aie_writes_them() -> None:
    text = "aie.flow(%t00, DMA : 0, %t02, DMA : 1)\naie.flow(%t02, DMA : 0, %t00, DMA : 1)\n"
    lines = [line.strip() for line in print_module(lower(flows(text))).splitlines()]
    first = next(n for n, line in enumerate(lines) if "switchbox" in line)
    assert lines[first:-3] == [
        "%switchbox_0_0 = aie.switchbox(%shim_noc_tile_0_0) {",
        "aie.connect<South : 3, North : 0>",
        "aie.connect<North : 0, South : 3>",
        "}",
        "%shim_mux_0_0 = aie.shim_mux(%shim_noc_tile_0_0) {",
        "aie.connect<DMA : 0, North : 3>",
        "aie.connect<North : 3, DMA : 1>",
        "}",
        "%switchbox_0_1 = aie.switchbox(%mem_tile_0_1) {",
        "aie.connect<South : 0, North : 0>",
        "aie.connect<North : 0, South : 0>",
        "}",
        "%switchbox_0_2 = aie.switchbox(%tile_0_2) {",
        "aie.connect<South : 0, DMA : 1>",
        "aie.connect<DMA : 0, South : 0>",
        "}",
    ]


REFUSED = {
    "a channel that the shim lacks": (
        "aie.flow(%t00, DMA : 2, %t02, DMA : 0)",
        "flows.mlir:27:1: a flow uses DMA 2 of tile (0, 0), which does not exist\n"
        "  because: for that, tile (0, 0) has 2 DMA",
    ),
    "a source that a core tile lacks": (
        "aie.flow(%t02, DMA : 2, %t00, DMA : 0)",
        "flows.mlir:27:1: a flow starts from DMA 2 of tile (0, 2), which does not exist\n"
        "  because: for that, tile (0, 2) has 1 Core, 2 DMA, 1 FIFO, 4 North, 4 West, 6 South, "
        "4 East, 2 Trace, 1 TileControl",
    ),
    "an end that a memory tile lacks": (
        "aie.flow(%t02, DMA : 0, %t01, Core : 0)",
        "flows.mlir:27:1: a flow ends in Core 0 of tile (0, 1), which does not exist\n"
        "  because: for that, tile (0, 1) has 6 DMA, 6 North, 4 South, 1 TileControl",
    ),
    "two circuits to one port": (
        "aie.flow(%t00, DMA : 0, %t02, DMA : 0)\naie.flow(%t00, DMA : 1, %t02, DMA : 0)",
        "flows.mlir:28:1: the flow from DMA 1 of tile (0, 0) and the flow from DMA 0 of tile "
        "(0, 0) both end in DMA 0 of tile (0, 2)\n"
        "  because: a port takes one circuit, or any number of packet flows\n"
        "  try: another DMA channel for one of them",
    ),
    "the same circuit twice": (
        2 * "aie.flow(%t00, DMA : 0, %t02, DMA : 0)\n",
        "flows.mlir:27:1: the flow from DMA 0 of tile (0, 0) and another of its destinations both "
        "end in DMA 0 of tile (0, 2)\n"
        "  because: a port takes one circuit, or any number of packet flows\n"
        "  try: another DMA channel for one of them",
    ),
    "packets and a circuit to one port": (
        packets(1, "%t00, DMA : 0", "%t02, DMA : 0") + "aie.flow(%t00, DMA : 1, %t02, DMA : 0)",
        "flows.mlir:27:1: the packet flow 1 from DMA 0 of tile (0, 0) and the flow from DMA 1 of "
        "tile (0, 0) both end in DMA 0 of tile (0, 2)\n"
        "  because: a port takes one circuit, or any number of packet flows\n"
        "  try: another DMA channel for one of them",
    ),
    "packets and a circuit from one port": (
        packets(1, "%t00, DMA : 0", "%t02, DMA : 0") + "aie.flow(%t00, DMA : 0, %t03, DMA : 0)",
        "flows.mlir:27:1: the packet flow 1 from DMA 0 of tile (0, 0) and the flow from DMA 0 of "
        "tile (0, 0) both start from DMA 0 of tile (0, 0)\n"
        "  because: a port sends a circuit or packets, not both\n"
        "  try: another DMA channel for one of them",
    ),
    "headers kept and dropped at one port": (
        packets(1, "%t00, DMA : 0", "%t02, DMA : 0")
        + packets(2, "%t00, DMA : 1", "%t02, DMA : 0", options="{keep_pkt_header = true}"),
        "flows.mlir:31:1: the packet flow 2 from DMA 1 of tile (0, 0) and the packet flow 1 from "
        "DMA 0 of tile (0, 0) both end in DMA 0 of tile (0, 2), but only one keeps its packet "
        "headers\n"
        "  because: a port keeps the headers of all packets or of none\n"
        "  try: keep_pkt_header on both or on neither",
    ),
    "an id of six bits": (
        packets(40, "%t00, DMA : 0", "%t02, DMA : 0"),
        "flows.mlir:27:1: packet id 40 does not fit a packet header\n"
        "  because: an id has 5 bits: 0..31",
    ),
    "more rules than an input has": (
        # Ids of even parity go north, of odd parity east: no two share a mask.
        "".join(
            packets(n, "%t02, DMA : 0", f"%t{end}, DMA : 0")
            for end, ids in (("03", (0, 3, 5)), ("12", (1, 2, 4)))
            for n in ids
        ),
        "flows.mlir:27:1: too many packet flows enter the switch of tile (0, 2) by one port\n"
        "  because: 6 rules at DMA 0 of tile (0, 2); an input has 4\n"
        "  try: ids that differ in few bits for flows that go the same way",
    ),
    "a flow to where a switchbox leads another": (
        "aie.flow(%t00, DMA : 0, %t02, DMA : 0)\n"
        "%s = aie.switchbox(%t02) {\naie.connect<South : 3, DMA : 0>\n}",
        "flows.mlir:27:1: the flow from DMA 0 of tile (0, 0) ends in DMA 0 of tile (0, 2), which a "
        "switchbox feeds already\n"
        "  because: a port takes one circuit, or any number of packet flows\n"
        "  try: another DMA channel for one of them",
    ),
    "packets beside switchboxes": (
        packets(3, "%t00, DMA : 0", "%t02, DMA : 0") + "%s = aie.switchbox(%t03) {\n}",
        "flows.mlir:27:1: the packet flow 3 from DMA 0 of tile (0, 0) is led by no switchbox\n"
        "  because: packets are not routed in a device with switchboxes\n"
        "  try: packet rules for it, or flows without switchboxes",
    ),
    "a circuit from where packets start": (
        "aie.flow(%t02, DMA : 0, %t03, DMA : 0)\n"
        "%s = aie.switchbox(%t02) {\n%a = aie.amsel<0> (0)\n%m = aie.masterset(North : 0, %a)\n"
        "aie.packet_rules(DMA : 0) {\naie.rule(31, 1, %a)\n}\n}",
        "flows.mlir:27:1: the flow from DMA 0 of tile (0, 2) starts where a switchbox takes "
        "packets\n"
        "  because: a port sends a circuit or packets, not both",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_flows_that_have_no_way_are_refused(case: str) -> None:
    text, message = REFUSED[case]
    with pytest.raises(DesignError) as refusal:
        routed(text)
    assert str(refusal.value) == message


def test_more_streams_than_wires_are_refused_with_who_wants_them() -> None:
    with pytest.raises(DesignError) as refusal:
        routed(EIGHT_THROUGH_ONE_MEMORY_TILE, "npu1_1col")
    wanted = [f"the flow from DMA {n} of tile (0, 1)" for n in range(6)]
    wanted += [f"the flow from DMA {n} of tile (0, 0)" for n in range(2)]
    assert str(refusal.value) == (
        "flows.mlir:9:1: too many streams leave tile (0, 1) to the north\n"
        f"  because: 6 wires; 8 streams: {', '.join(wanted)}\n"
        "  try: workers or shim tiles in other columns, or fewer fifos across this one"
    )
