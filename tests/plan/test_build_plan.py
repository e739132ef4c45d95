"""Lowered modules of mlir-aie as plans: nothing is lost, indices hold, the unknown is refused."""

from pathlib import Path

import pytest
from plan.sample_plans import SAMPLE_NAMES, lowered_text, plan_of

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import (
    AwaitToken,
    CascadeLink,
    ChannelName,
    HostBuffer,
    Iteration,
    MemoryView,
    PacketHeader,
    Port,
    SetLock,
    StartTask,
    WriteBuffer,
    build_plan,
    fingerprint,
)
from ironbird.plan.core_program import VectorType
from ironbird.plan.text import plan_text

HERE = Path(__file__).parent


def test_the_plan_of_one_fifo_in_and_one_out() -> None:
    assert plan_text(plan_of("01_single_in_out")) == (HERE / "01_single_in_out.txt").read_text()


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_every_index_of_a_plan_points_at_a_part(name: str) -> None:
    plan = plan_of(name)
    for descriptor in plan.descriptors:
        if isinstance(descriptor.memory, HostBuffer):
            assert descriptor.memory.argument < len(plan.sequence.arguments)
        else:
            assert descriptor.memory < len(plan.buffers)
        for use in (descriptor.acquire, descriptor.release):
            assert use is None or use.lock < len(plan.locks)
        assert descriptor.next is None or descriptor.next < len(plan.descriptors)
    for core in plan.cores:
        defined = set()
        for operation in core.program.body.walk():
            defined.update(operation.results)
            attributes = dict(operation.attributes)
            assert attributes.get("buffer", -1) < len(plan.buffers)
            assert attributes.get("lock", -1) < len(plan.locks)
            assert attributes.get("kernel", -1) < len(plan.kernels)
            for region in operation.regions:
                defined.update(value for block in region.blocks for value in block.arguments)
        defined.update(value for block in core.program.body.blocks for value in block.arguments)
        assert defined == set(range(len(core.program.value_types)))


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_every_flow_of_a_sample_is_a_way_in_the_plan(name: str) -> None:
    """Counted in the text: `aie.flow` lines, and packet flows but those of the tile controllers."""
    text = lowered_text(name)
    packets = text.count("aie.packet_flow(") - text.count("TileControl")
    plan = plan_of(name)
    circuits = [route for route in plan.routes if route.packet_id is None]
    assert sum(len(route.destinations) for route in circuits) == text.count("aie.flow(")
    assert len(plan.routes) - len(circuits) == packets
    for route in plan.routes:
        for end, hops in zip(route.destinations, route.hops, strict=True):
            apart = abs(end.tile.column - route.source.tile.column) + abs(
                end.tile.row - route.source.tile.row
            )
            assert hops >= apart + 1


def test_a_broadcast_is_one_route_with_all_ends() -> None:
    routes = {str(route.source): route for route in plan_of("09_broadcast_four").routes}
    ends = routes["DMA 0 of tile (0, 0)"].destinations
    assert [str(end) for end in ends] == [f"DMA 0 of tile (0, {row})" for row in (2, 3, 4, 5)]


def test_packets_share_channels_and_keep_headers_where_asked() -> None:
    routes = plan_of("22_packet_flow").routes
    shim = Port(Tile(0, 0), Bundle.DMA, 0)
    assert [(route.packet_id, route.keep_header) for route in routes] == [
        (1, False),
        (2, False),
        (5, True),
        (6, True),
    ]
    assert {route.source for route in routes[:2]} == {shim}
    assert {route.destinations for route in routes[2:]} == {(shim,)}
    headers = [each.packet for each in plan_of("22_packet_flow").descriptors if each.packet]
    assert headers == [
        PacketHeader(0, 5),
        PacketHeader(0, 6),
        PacketHeader(0, 1),
        PacketHeader(0, 2),
    ]


def test_a_cascade_is_a_link_and_vectors_of_512_bits() -> None:
    plan = plan_of("28_cascade")
    assert plan.cascades == (CascadeLink(Tile(0, 3), Tile(1, 3)),)
    (get,) = [
        (core, operation)
        for core in plan.cores
        for operation in core.program.body.walk()
        if operation.name == "cascade.get"
    ]
    vector = get[0].program.value_types[get[1].results[0]]
    assert isinstance(vector, VectorType)
    assert vector.shape == (16,)


def test_a_cascade_of_which_one_core_only_listens_is_a_link() -> None:
    text = lowered_text("28_cascade")
    silent = "\n".join(line for line in text.splitlines() if "aie.put_cascade" not in line)
    assert silent != text.rstrip("\n")
    plan = build_plan(lower(parse_module(silent)))
    assert plan.cascades == (CascadeLink(Tile(0, 3), Tile(1, 3)),)


def test_parameters_and_barriers_are_steps() -> None:
    plan = plan_of("17_rtp_and_barrier")
    writes = [step for step in plan.sequence.steps if isinstance(step, WriteBuffer)]
    assert [(plan.buffers[w.buffer].name, w.offset_bytes, w.content) for w in writes] == [
        ("dial", 0, (7).to_bytes(4, "little")),
        ("dial", 8, (2**32 - 4).to_bytes(4, "little")),
    ]
    (barrier,) = [step for step in plan.sequence.steps if isinstance(step, SetLock)]
    assert (plan.locks[barrier.lock].id, barrier.value) == (4, 1)


def test_transfers_repeat_iterate_and_issue_tokens() -> None:
    plan = plan_of("26_memcpy_nd_sequence")
    starts = [step for step in plan.sequence.steps if isinstance(step, StartTask)]
    assert [(start.repeat_count, start.token) for start in starts] == [
        (1, False),
        (4, True),
        (3, False),
        (1, True),
    ]
    iterating = plan.descriptors[starts[1].first]
    assert iterating.iteration == Iteration(4, 64)
    assert iterating.pattern == AccessPattern(1024, (2, 8, 16), (512, 32, 1))
    assert plan.descriptors[starts[2].first].iteration is None
    awaits = [step.channel for step in plan.sequence.steps if isinstance(step, AwaitToken)]
    shim = Tile(1, 0)
    assert awaits == [
        ChannelName(shim, Direction.MM2S, 0),
        ChannelName(shim, Direction.S2MM, 0),
    ]


def test_padding_counts_in_the_length() -> None:
    padded = [each for each in plan_of("23_memtile_padding").descriptors if each.padding]
    assert [(each.pattern.sizes, each.padding, each.length) for each in padded] == [
        ((6, 12), ((1, 1), (2, 2)), 128)
    ] * 2


def test_initial_values_are_bytes() -> None:
    born = [buffer for buffer in plan_of("24_init_values").buffers if buffer.initial is not None]
    assert born
    for buffer in born:
        assert buffer.initial is not None
        assert len(buffer.initial) == buffer.byte_count


def test_fifos_of_a_module_read_from_text_are_known_by_their_names() -> None:
    plan = plan_of("01_single_in_out")
    assert {buffer.fifo for buffer in plan.buffers} == {"drain", "feed"}
    assert [(lock.fifo, lock.role) for lock in plan.locks[2:6]] == [
        ("drain", "free"),
        ("drain", "full"),
        ("feed", "free"),
        ("feed", "full"),
    ]
    assert [each.fifo for each in plan.descriptors[4:]] == ["feed", "drain"]


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_views_of_buffers_have_the_type_of_their_buffer(name: str) -> None:
    plan = plan_of(name)
    for core in plan.cores:
        for operation in core.program.body.walk():
            if operation.name == "buffer":
                number = operation.attribute("buffer")
                assert isinstance(number, int)
                buffer = plan.buffers[number]
                assert core.program.value_types[operation.results[0]] == MemoryView.contiguous(
                    buffer.shape, buffer.element
                )


KERNELS = """module {
aie.device(npu1) {
%tile = aie.tile(0, 2)
func.func private @unused(i32) attributes {link_with = "unused.o"}
func.func private @second(i32) attributes {link_with = "second.o"}
func.func private @first(i32)
func.func @twice(%n: i32) {
  func.call @second(%n) : (i32) -> ()
  func.call @second(%n) : (i32) -> ()
  return
}
%core = aie.core(%tile) {
  %n = arith.constant 3 : i32
  func.call @twice(%n) : (i32) -> ()
  func.call @first(%n) : (i32) -> ()
  aie.end
} {link_with = "first.o"}
}
}
"""


def test_kernels_are_what_cores_call_with_the_files_that_hold_them() -> None:
    plan = build_plan(parse_module(KERNELS, "kernels.mlir"))
    assert [(kernel.symbol, kernel.object_file) for kernel in plan.kernels] == [
        ("second", "second.o"),
        ("first", "first.o"),
    ]
    (function,) = plan.functions
    assert [op.name for op in function.body.walk()] == [
        "kernel.call",
        "kernel.call",
        "function.return",
    ]
    calls = [op for op in plan.cores[0].program.body.walk() if op.name.endswith(".call")]
    assert [(call.name, call.attributes) for call in calls] == [
        ("function.call", (("function", 0),)),
        ("kernel.call", (("kernel", 1),)),
    ]


def test_the_same_text_gives_the_same_plan_and_lines_do_not_count() -> None:
    text = lowered_text("16_sliding_window")
    moved = f"// a comment above\n\n{text}"
    one = build_plan(lower(parse_module(text, "a.mlir")))
    other = build_plan(lower(parse_module(moved, "b.mlir")))
    assert one == other
    assert fingerprint(one) == fingerprint(other)
    assert one.buffers[0].at != other.buffers[0].at


def test_plans_that_differ_have_different_fingerprints() -> None:
    assert len({fingerprint(plan_of(name)) for name in SAMPLE_NAMES}) == len(SAMPLE_NAMES)


REFUSED = {
    "32_configure_run": (
        "32_configure_run.mlir:65:3: the module has 2 devices; a plan is made of one\n"
        "  because: they are @stage, @main\n"
        "  try: --entry stage, or another of them"
    ),
    "40_scratchpad_parameter": (
        "40_scratchpad_parameter.mlir:46:7: aiex.npu.create_scratchpad cannot run in a runtime "
        "sequence here\n"
        "  because: only the host that loads a full ELF has a scratchpad, and none does here"
    ),
    "42_dynamic_sequence": (
        "42_dynamic_sequence.mlir:20:7: scf.for in the runtime sequence needs a number that only "
        "the run would know\n"
        "  because: the sequence is compiled once, with every number in it\n"
        "  try: a Python number where the design is built, or --scalar N=V to run a file"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_plan_holds_is_refused_by_name(name: str) -> None:
    text = lowered_text(name)
    with pytest.raises(DesignError) as refusal:
        build_plan(lower(parse_module(text, f"{name}.mlir")))
    assert str(refusal.value) == REFUSED[name]
