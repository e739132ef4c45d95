"""What comes out of topologies that few designs use is what numpy says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.device import Tile
from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import build_plan
from ironbird.simulator import SimulationOptions, interpret
from tests.passes.topology import CONSTANTS, Topology, counted

DEPTHS = st.integers(1, 3)
SEEDS = st.none() | st.integers(0, 2**32)


@given(kinds=st.lists(st.sampled_from(["core", "mem"]), min_size=1, max_size=4), values=st.data())
def test_fifos_in_a_row(kinds: list[str], values: st.DataObject) -> None:
    """Cores that add and memory tiles that pass on, in any order, wherever they are placed."""
    topology, words, objects = Topology(), 8, 5
    here = topology.tile("shim")
    stops = [(kind, topology.tile(kind)) for kind in kinds] + [("shim", topology.tile("shim"))]
    plus, fifos, options = 0, [], {}
    for number, (_, there) in enumerate(stops):
        depths = [values.draw(DEPTHS) for _ in range(2)]
        options = values.draw(st.sampled_from(["", "via_DMA = true"]))
        fifos.append(
            topology.fifo(
                f"f{number}", here, [there], words, f"[{depths[0]}, {depths[1]}]", options
            )
        )
        here = there
    for (kind, tile), source, sink in zip(stops, fifos, fifos[1:], strict=False):
        if kind == "core":
            topology.adder(tile, source, sink, words, 10)
            plus += 10
        else:
            topology.link([source], [sink])
    topology.fill(fifos[0], words * objects)
    topology.drain(fifos[-1], words * objects)
    sent = counted(words * objects)
    (received,) = topology.run(sent, seed=values.draw(SEEDS))
    np.testing.assert_array_equal(received, sent + plus)


def check_split_and_join(
    ways: int, depth: int, direct: bool, objects: int, seed: int | None
) -> None:
    """Parts of each object go to cores and back; `direct`: by one memory tile both ways."""
    topology, part = Topology(), 4
    shim, back = topology.tile("shim"), topology.tile("shim")
    split = topology.tile("mem")
    join = split if direct else topology.tile("mem")
    cores = [topology.tile("core") for _ in range(ways)]
    topology.fifo("x", shim, [split], part * ways, f"{depth} : i32")
    topology.fifo("y", join, [back], part * ways, f"{depth} : i32")
    for number, core in enumerate(cores):
        topology.fifo(f"x{number}", split, [core], part, f"{depth} : i32")
        topology.fifo(f"y{number}", core, [join], part, f"{depth} : i32")
        topology.adder(core, f"x{number}", f"y{number}", part, 100 * number)
    offsets = ", ".join(str(part * number) for number in range(ways))
    topology.link(["x"], [f"x{number}" for number in range(ways)], offsets)
    topology.link([f"y{number}" for number in range(ways)], ["y"], offsets)
    whole = part * ways * objects
    topology.fill("x", whole)
    topology.drain("y", whole)
    sent = counted(whole)
    (received,) = topology.run(sent, seed=seed)
    plus = np.tile(np.repeat(100 * np.arange(ways), part), objects)
    np.testing.assert_array_equal(received, sent + plus)


@given(
    ways=st.integers(2, 4),
    depth=DEPTHS,
    direct=st.booleans(),
    objects=st.integers(1, 4),
    seed=SEEDS,
)
def test_split_over_cores_and_joined(
    ways: int, depth: int, direct: bool, objects: int, seed: int | None
) -> None:
    check_split_and_join(ways, depth, direct, objects, seed)


def test_a_split_and_a_join_that_fill_the_descriptors_of_one_memory_tile() -> None:
    """12 for each big side, 3 for each of the eight parts: 48 of 48, half of them on odd channels.

    The lowest free channels would need 36 of the lower half, which has 24.
    """
    check_split_and_join(ways=4, depth=3, direct=True, objects=4, seed=None)


@given(depths=st.lists(DEPTHS, min_size=4, max_size=4), seed=SEEDS)
def test_a_broadcast_to_cores_and_a_memory_tile(depths: list[int], seed: int | None) -> None:
    """Every consumer has a depth of its own, and all get everything."""
    topology, words, objects = Topology(), 8, 6
    shims = [topology.tile("shim") for _ in range(4)]
    near, far = topology.tile("core", "0, 2"), topology.tile("core", "3, 5")
    memory = topology.tile("mem")
    listed = ", ".join(map(str, depths))
    topology.fifo("x", shims[0], [near, far, memory], words, f"[{listed}]")
    for number, tile in enumerate((near, far, memory)):
        topology.fifo(f"y{number}", tile, [shims[number + 1]], words)
    topology.adder(near, "x", "y0", words, 1)
    topology.adder(far, "x", "y1", words, 2)
    topology.link(["x"], ["y2"])
    topology.fill("x", words * objects)
    for number in range(3):
        topology.drain(f"y{number}", words * objects)
    sent = counted(words * objects)
    received = topology.run(sent, seed=seed)
    for plus, each in zip((1, 2, 0), received, strict=True):
        np.testing.assert_array_equal(each, sent + plus)


@given(depth=DEPTHS, repeats=st.integers(1, 4), rounds=st.integers(1, 3), seed=SEEDS)
def test_repeat_and_iteration_counts_together(
    depth: int, repeats: int, rounds: int, seed: int | None
) -> None:
    """Each object leaves `repeats` times; the channel stops after `rounds` of the pool."""
    topology, words = Topology(), 8
    shim, memory = topology.tile("shim"), topology.tile("mem")
    topology.fifo("up", shim, [memory], words, f"{depth} : i32")
    options = f"repeat_count = {repeats} : i32, iter_count = {rounds} : i32"
    topology.fifo("down", memory, [shim], words, f"{depth} : i32", options)
    topology.link(["up"], ["down"])
    objects = depth * rounds
    topology.fill("up", words * objects)
    topology.drain("down", words * objects * repeats)
    sent = counted(words * objects)
    (received,) = topology.run(sent, seed=seed)
    expected = np.repeat(sent.reshape(objects, words), repeats, axis=0)
    np.testing.assert_array_equal(received.reshape(-1, words), expected)


@given(depth=DEPTHS, home=st.sampled_from(["0, 2", "0, 3"]), seed=SEEDS)
def test_objects_lodged_where_the_author_says(depth: int, home: str, seed: int | None) -> None:
    topology, words, objects = Topology(), 8, 5
    shim = topology.tile("shim")
    lower, upper = topology.tile("core", "0, 2"), topology.tile("core", "0, 3")
    topology.fifo("x", shim, [lower], words)
    topology.fifo("hand", lower, [upper], words, f"{depth} : i32")
    topology.fifo("y", upper, [shim], words)
    topology.lines.append(f"aie.objectfifo.allocate @hand({lower if home == '0, 2' else upper})")
    topology.adder(lower, "x", "hand", words, 1)
    topology.adder(upper, "hand", "y", words, 2)
    topology.fill("x", words * objects)
    topology.drain("y", words * objects)
    column, row = map(int, home.split(","))
    plan = topology.plan()
    assert {buffer.tile for buffer in plan.buffers if buffer.fifo == "hand"} == {Tile(column, row)}
    sent = counted(words * objects)
    (received,) = topology.run(sent, seed=seed)
    np.testing.assert_array_equal(received, sent + 3)


@pytest.mark.parametrize("columns", [(1,), (0, 1)])
def test_objects_that_overflow_into_the_memory_of_neighbours(columns: tuple[int, ...]) -> None:
    """Three objects of 256 KiB: the third lies in the memory tile beside that of its DMA."""
    words, objects = 65536, 4
    for column in columns:
        topology = Topology()
        shim, memory = topology.tile("shim"), topology.tile("mem", f"{column}, 1")
        topology.fifo("up", shim, [memory], words, "3 : i32")
        topology.fifo("down", memory, [shim], words, "3 : i32")
        topology.link(["up"], ["down"])
        topology.fill("up", words * objects)
        topology.drain("down", words * objects)
        tiles = {buffer.tile.column for buffer in topology.plan().buffers}
        assert len(tiles) == 2
        sent = counted(words * objects)
        (received,) = topology.run(sent)
        np.testing.assert_array_equal(received, sent)


STREAM_WORDS = """\
%port = arith.constant 0 : i32
%plus = arith.constant {plus} : i32
%word = aie.get_stream(%port : i32) : i32
%more = arith.addi %word, %plus : i32
aie.put_stream(%port : i32, %more : i32)
"""


@given(count=st.integers(1, 3), objects=st.integers(1, 3), seed=SEEDS)
def test_streams_of_cores_in_a_row(count: int, objects: int, seed: int | None) -> None:
    """Host memory to a core's stream, from core to core, and back into host memory."""
    topology, words = Topology(), 8
    shim = topology.tile("shim")
    cores = [topology.tile("core") for _ in range(count)]
    port = "aie_stream_port = 0 : i32"
    topology.fifo("x", shim, cores[:1], words, options=f"aie_stream = 1 : i32, {port}")
    for number in range(count - 1):
        topology.fifo(
            f"f{number}",
            cores[number],
            [cores[number + 1]],
            words,
            options=f"aie_stream = 2 : i32, {port}",
        )
    topology.fifo("y", cores[-1], [shim], words, options=f"aie_stream = 0 : i32, {port}")
    for number, core in enumerate(cores):
        topology.core(core, STREAM_WORDS.format(plus=10**number))
    topology.fill("x", words * objects)
    topology.drain("y", words * objects)
    sent = counted(words * objects)
    (received,) = topology.run(sent, seed=seed)
    np.testing.assert_array_equal(received, sent + sum(10**number for number in range(count)))


def test_a_stream_into_the_memory_of_another_core() -> None:
    """Only one end of a fifo need be a stream; the other has objects, locks and a DMA."""
    topology, words, objects = Topology(), 8, 4
    shim, first, second = topology.tile("shim"), topology.tile("core"), topology.tile("core")
    port = "aie_stream_port = 0 : i32"
    topology.fifo("x", shim, [first], words, options=f"aie_stream = 1 : i32, {port}")
    topology.fifo("hand", first, [second], words, options=f"aie_stream = 0 : i32, {port}")
    topology.fifo("y", second, [shim], words)
    topology.core(first, STREAM_WORDS.format(plus=5))
    topology.adder(second, "hand", "y", words, 100)
    topology.fill("x", words * objects)
    topology.drain("y", words * objects)
    sent = counted(words * objects)
    (received,) = topology.run(sent)
    np.testing.assert_array_equal(received, sent + 105)


PACKET_CORE = """\
%box{n} = aie.buffer(%t{n}) {{sym_name = "box{n}"}} : memref<{words}xi32>
%free{n} = aie.lock(%t{n}) {{init = 1 : i32, sym_name = "free{n}"}}
%full{n} = aie.lock(%t{n}) {{init = 0 : i32, sym_name = "full{n}"}}
%done{n} = aie.lock(%t{n}) {{init = 0 : i32, sym_name = "done{n}"}}
aie.packet_flow({id}) {{
aie.packet_source<%t{n}, DMA : 0>
aie.packet_dest<%shim, DMA : 0>
}} {{keep_pkt_header = true}}
aie.mem(%t{n}) {{
%one = arith.constant 1 : i32
%0 = aie.dma_start(S2MM, 0, ^bb1, ^bb2)
^bb1:
aie.use_lock(%free{n}, AcquireGreaterEqual, %one)
aie.dma_bd(%box{n} : memref<{words}xi32> offset = 0 len = {words})
aie.use_lock(%full{n}, Release, %one)
aie.next_bd ^bb1
^bb2:
%1 = aie.dma_start(MM2S, 0, ^bb3, ^bb4)
^bb3:
aie.use_lock(%done{n}, AcquireGreaterEqual, %one)
aie.dma_bd(%box{n} : memref<{words}xi32> offset = 0 len = {words}) {{packet = #aie.packet_info<pkt_type = 0, pkt_id = {id}>}}
aie.use_lock(%free{n}, Release, %one)
aie.next_bd ^bb3
^bb4:
aie.end
}}
aie.core(%t{n}) {{
%one = arith.constant 1 : i32
{constants}%words = arith.constant {words} : index
scf.for %turn = %c0 to %forever step %c1 {{
aie.use_lock(%full{n}, AcquireGreaterEqual, %one)
scf.for %i = %c0 to %words step %c1 {{
%before = memref.load %box{n}[%i] : memref<{words}xi32>
%plus = arith.constant {plus} : i32
%after = arith.addi %before, %plus : i32
memref.store %after, %box{n}[%i] : memref<{words}xi32>
}}
aie.use_lock(%done{n}, Release, %one)
}}
aie.end
}}
"""  # noqa: E501 - MLIR text keeps its lines


def packet_flow(number: int, *destinations: int) -> str:
    ends = "".join(f"aie.packet_dest<%t{n}, DMA : 0>\n" for n in destinations)
    return f"aie.packet_flow({number}) {{\naie.packet_source<%shim, DMA : 0>\n{ends}}}\n"


@given(
    places=st.lists(
        st.tuples(st.integers(0, 3), st.integers(2, 5)), min_size=2, max_size=3, unique=True
    ),
    values=st.data(),
)
def test_packets_fan_out_and_in(places: list[tuple[int, int]], values: st.DataObject) -> None:
    """One channel sends to each core by its id and once to all; all answer into one channel.

    Three cores at most: an input of a switch has four rules, and ids that share none need one each.
    """
    words, count = 4, len(places)
    ids = values.draw(st.permutations(range(1, 31)))[: 2 * count + 1]
    to_one, to_all, answers = ids[:count], ids[count], ids[count + 1 :]
    text = "%shim = aie.tile(0, 0)\n"
    text += "".join(f"%t{n} = aie.tile({c}, {r})\n" for n, (c, r) in enumerate(places))
    text += "aie.shim_dma_allocation @send(%shim, MM2S, 0)\n"
    text += "aie.shim_dma_allocation @gather(%shim, S2MM, 0)\n"
    text += "".join(packet_flow(to_one[n], n) for n in range(count))
    text += packet_flow(to_all, *range(count))
    for n in range(count):
        text += PACKET_CORE.format(
            n=n, words=words, id=answers[n], plus=1000 * (n + 1), constants=CONSTANTS
        )
    sends = "".join(
        f"aiex.npu.dma_memcpy_nd(%x[0, 0, 0, {words * n}][1, 1, 1, {words}][0, 0, 0, 1], "
        f"packet = <pkt_type = 0, pkt_id = {number}>) "
        f"{{id = {n} : i64, metadata = @send}} : memref<{words * (count + 1)}xi32>\n"
        for n, number in enumerate([*to_one, to_all])
    )
    received_words = 2 * count * (words + 1)
    text += (
        f"aie.runtime_sequence(%x: memref<{words * (count + 1)}xi32>, "
        f"%y: memref<{received_words}xi32>) {{\n"
        f"aiex.npu.dma_memcpy_nd(%y[0, 0, 0, 0][1, 1, 1, {received_words}][0, 0, 0, 1]) "
        f"{{id = 15 : i64, issue_token = true, metadata = @gather}} "
        f": memref<{received_words}xi32>\n{sends}aiex.npu.dma_wait {{symbol = @gather}}\n}}\n"
    )
    plan = build_plan(lower(parse_module(f"module {{\naie.device(npu1) {{\n{text}}}\n}}", "p")))
    sent, received = counted(words * (count + 1)), np.full(received_words, -1, np.int32)
    result = interpret(plan, None, [sent, received], SimulationOptions())
    assert [str(finding) for finding in result.findings] == []
    blocks = received.reshape(-1, words + 1)
    for n, number in enumerate(answers):
        # The id is in the five lowest bits of the header (AM020 ch2).
        mine = blocks[blocks[:, 0] & 31 == number][:, 1:]
        own, shared = sent[words * n : words * (n + 1)], sent[words * count :]
        np.testing.assert_array_equal(mine, np.stack([own, shared]) + 1000 * (n + 1))
