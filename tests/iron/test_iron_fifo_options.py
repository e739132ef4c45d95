"""Every option of fifos, links and workers, as the line of text it becomes."""

# ruff: noqa: E501 (lines of MLIR are quoted whole)

import numpy as np
import pytest
from iron_programs import array, text_of

from ironbird.iron import Buffer, Lock, ObjectFifo, Program, Runtime, Worker
from ironbird.iron.device import NPU1, AnyComputeTile, AnyMemTile, Tile
from ironbird.iron.object_fifo_link import ObjectFifoLink
from ironbird.iron.taplib import TensorAccessPattern

T = array(16)


def fifo_line(made=None, consumer=None, producer=None, held=1, **options):
    """The `aie.objectfifo` of a fifo with `options`, between two cores."""
    fifo = ObjectFifo(made if made is not None else T, name="x", **options)
    out = ObjectFifo(T, name="out")

    def send(sink):
        sink.acquire(1)
        sink.release(1)

    def receive(source, sink):
        source.acquire(held)
        sink.acquire(1)
        source.release(held)
        sink.release(1)

    workers = [
        Worker(send, [fifo.prod(**(producer or {}))], tile=Tile(0, 3)),
        Worker(receive, [fifo.cons(**(consumer or {})), out.prod()], tile=Tile(0, 2)),
    ]
    runtime = Runtime(lambda b, drain: drain.drain(b, wait=True), [T, out.cons()])
    text = text_of(Program(NPU1(), runtime, workers))
    return [line.strip() for line in text.splitlines() if "@x" in line and "aie.objectfifo" in line]


ENDS = "aie.objectfifo @x(%logical_core, {%logical_core_0}, "
TYPE = " : !aie.objectfifo<memref<16xi32>>"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, f"{ENDS}2 : i32){TYPE}"),
        ({"depth": 5}, f"{ENDS}5 : i32){TYPE}"),
        ({"consumer": {"depth": 3}}, f"{ENDS}[2 : i32, 3 : i32]){TYPE}"),
        (
            {"depth": None, "producer": {"depth": 1}, "consumer": {"depth": 1}},
            f"{ENDS}1 : i32){TYPE}",
        ),
        ({"via_DMA": True}, f"{ENDS}2 : i32) {{via_DMA = true}}{TYPE}"),
        (
            {"disable_synchronization": True},
            f"{ENDS}2 : i32) {{disable_synchronization = true}}{TYPE}",
        ),
        ({"repeat_count": 4}, f"{ENDS}2 : i32) {{repeat_count = 4 : i32}}{TYPE}"),
        (
            {"aie_stream": (0, 1)},
            f"{ENDS}2 : i32) {{aie_stream = 0 : i32, aie_stream_port = 1 : i32}}{TYPE}",
        ),
        (
            {"producer": {"channel": 1}, "consumer": {"channel": 0}},
            f"{ENDS}2 : i32) {{cons_dma_channels = array<i32: 0>, prod_dma_channel = 1 : i32}}{TYPE}",
        ),
        (
            {"init_values": [np.arange(16, dtype=np.int32), np.full(16, 7, np.int32)]},
            f"{ENDS}2 : i32){TYPE}  = [dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]>"
            " : memref<16xi32>, dense<7> : memref<16xi32>]",
        ),
        (
            {"consumer_obj_type": array(4), "held": 2},
            f"{ENDS}2 : i32){TYPE}  -> !aie.objectfifo<memref<4xi32>>",
        ),
        (
            {
                "to_stream": TensorAccessPattern((4, 4), 0, [4, 4], [1, 4]),
                "consumer": {"from_stream": TensorAccessPattern((4, 4), 0, [4, 4], [1, 4])},
            },
            "aie.objectfifo @x(%logical_core dimensionsToStream [<size = 4, stride = 1>, "
            "<size = 4, stride = 4>], {%logical_core_0 dimensionsFromStream [<size = 4, "
            f"stride = 1>, <size = 4, stride = 4>]}}, 2 : i32){TYPE}",
        ),
    ],
    ids=lambda each: "_".join(each) if isinstance(each, dict) else None,
)
def test_fifo_options(options, line):
    assert fifo_line(**options)[0] == line


def test_a_memory_tile_that_sends_initial_values():
    seed = ObjectFifo(T, name="seed", depth=1, init_values=[np.full(16, 3, np.int32)])
    y = ObjectFifo(T, name="y")
    seed.prod(tile=AnyMemTile)

    def core(source, sink):
        source.acquire(1)
        sink.acquire(1)
        sink.release(1)

    worker = Worker(core, [seed.cons(), y.prod()])
    runtime = Runtime(lambda b, drain: drain.drain(b, wait=True), [T, y.cons()])
    assert (
        "aie.objectfifo @seed(%logical_mem, {%logical_core}, 1 : i32) : "
        "!aie.objectfifo<memref<16xi32>>  = [dense<3> : memref<16xi32>]"
    ) in text_of(Program(NPU1(), runtime, [worker]))


def test_delegate_tiles():
    line = fifo_line(delegate_tile=Tile(0, 2))[1]
    assert line == "aie.objectfifo.allocate @x(%logical_core_0)"


def through_memory(make):
    """The fifo lines of a program whose input goes through what `make(fifo)` makes of it."""
    x, y = ObjectFifo(array(6, 12), name="x"), ObjectFifo(T, name="y")
    inner = make(x)

    def core(source, sink):
        source.acquire(1)
        sink.acquire(1)
        source.release(1)
        sink.release(1)

    worker = Worker(core, [inner.cons(), y.prod()])
    runtime = Runtime(
        lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)),
        [array(6, 12), T, x.prod(), y.cons()],
    )
    text = text_of(Program(NPU1(), runtime, [worker]))
    return [line.strip() for line in text.splitlines() if "objectfifo @x" in line or "link" in line]


def test_forward_with_padding():
    frame = TensorAccessPattern.full((6, 12)).pad([(1, 1), (2, 2)])
    lines = through_memory(
        lambda x: x.cons().forward(obj_type=array(8, 16), to_stream=frame, repeat_count=2, depth=1)
    )
    assert lines == [
        "aie.objectfifo @x(%logical_shim_noc, {%logical_mem}, 2 : i32) : "
        "!aie.objectfifo<memref<6x12xi32>>",
        "aie.objectfifo @x_fwd(%logical_mem dimensionsToStream [<size = 6, stride = 12>, "
        "<size = 12, stride = 1>], {%logical_core}, 1 : i32) {padDimensions = "
        "#aie<bd_pad_layout_array[<const_pad_before = 1, const_pad_after = 1>, "
        "<const_pad_before = 2, const_pad_after = 2>]>, repeat_count = 2 : i32} : "
        "!aie.objectfifo<memref<8x16xi32>>",
        "aie.objectfifo.link [@x] -> [@x_fwd]([] [0])",
    ]


def test_iter_counts():
    def make(x):
        inner = x.cons().forward()
        inner.set_iter_count(9)
        return inner

    assert through_memory(make)[1] == (
        "aie.objectfifo @x_fwd(%logical_mem, {%logical_core}, 2 : i32) {iter_count = 9 : i32} : "
        "!aie.objectfifo<memref<6x12xi32>>"
    )


def test_a_link_by_hand_on_a_pinned_tile():
    def make(x):
        inner = ObjectFifo(array(6, 12), name="x_on")
        ObjectFifoLink(x.cons(), inner.prod(channel=2), Tile(1, 1))
        return inner

    assert through_memory(make) == [
        "aie.objectfifo @x(%logical_shim_noc, {%logical_mem}, 2 : i32) : "
        "!aie.objectfifo<memref<6x12xi32>>",
        "aie.objectfifo @x_on(%logical_mem, {%logical_core}, 2 : i32) "
        "{prod_dma_channel = 2 : i32} : !aie.objectfifo<memref<6x12xi32>>",
        "aie.objectfifo.link [@x] -> [@x_on]([] [])",
    ]


def test_a_name_made_from_another_gives_way_to_the_authors():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="x_fwd")
    inner = x.cons().forward()

    def core(source, sink):
        source.acquire(1)
        sink.acquire(1)
        source.release(1)
        sink.release(1)

    worker = Worker(core, [inner.cons(), y.prod()])
    runtime = Runtime(
        lambda a, b, i, o: (i.fill(a), o.drain(b, wait=True)), [T, T, x.prod(), y.cons()]
    )
    text_of(Program(NPU1(), runtime, [worker]))
    assert (inner.name, y.name) == ("x_fwd_1", "x_fwd")


def core_line(core_fn=None, **options):
    y = ObjectFifo(T, name="y")

    def core(sink, *_):
        sink.acquire(1)
        sink.release(1)

    worker = Worker(core_fn or core, [y.prod()], **options)
    runtime = Runtime(lambda b, drain: drain.drain(b, wait=True), [T, y.cons()])
    return text_of(Program(NPU1(), runtime, [worker]))


def test_worker_options():
    text = core_line(
        tile=Tile(1, None, tile_type=AnyComputeTile.tile_type, allocation_scheme="bank-aware"),
        stack_size=1024,
        dynamic_objfifo_lowering=False,
    )
    assert 'aie.logical_tile<CoreTile>(1, ?) {allocation_scheme = "bank-aware"}' in text
    assert "} {dynamic_objfifo_lowering = false, stack_size = 1024 : i32}" in text


def test_a_worker_without_a_function_loops_and_does_nothing():
    y = ObjectFifo(T, name="y")

    def core(sink):
        sink.acquire(1)
        sink.release(1)

    workers = [Worker(core, [y.prod()]), Worker(None, tile=Tile(3, 5))]
    runtime = Runtime(lambda b, drain: drain.drain(b, wait=True), [T, y.cons()])
    idle = text_of(Program(NPU1(), runtime, workers)).split("%core_3_5 = ")[1].splitlines()[:7]
    assert [line.strip() for line in idle] == [
        "aie.core(%logical_core_0) {",
        "%c0 = arith.constant 0 : index",
        "%c9223372036854775807 = arith.constant 9223372036854775807 : index",
        "%c1 = arith.constant 1 : index",
        "scf.for %arg0 = %c0 to %c9223372036854775807 step %c1 {",
        "}",
        "aie.end",
    ]


def test_workers_in_a_grid():
    made = Worker.grid(2, 3, lambda row, col: Worker(None, tile=Tile(col, row + 2)))
    assert [[repr(worker.tile) for worker in row] for row in made] == [
        [f"Tile<CoreTile>({col}, {row + 2})" for col in range(3)] for row in range(2)
    ]


def test_buffers_and_locks():
    y = ObjectFifo(T, name="y")
    place = Tile(0, 2)
    table = Buffer(initial_value=np.arange(3, dtype=np.int16), name="table")
    shared = Buffer(array(4), name="shared", tile=Tile(0, 3))
    lock = Lock(place, lock_id=3, init=1, name="door")

    def core(sink, values, beside, door):
        door.acquire(1)
        out = sink.acquire(1)
        out[0] = beside[1]
        beside[0] = out[1]
        values[0] = values[1] + values[2]
        sink.release(1)
        door.acquire_exact(1)
        door.release(2)

    worker = Worker(core, [y.prod(), table, shared, lock], tile=place)
    runtime = Runtime(lambda b, drain: drain.drain(b, wait=True), [T, y.cons()])
    text = text_of(Program(NPU1(), runtime, [worker]))
    for line in (
        '%table = aie.buffer(%logical_core) {sym_name = "table"} : memref<3xi16> = dense<[0, 1, 2]>',
        '%shared = aie.buffer(%logical_core_0) {sym_name = "shared"} : memref<4xi32>',
        '%door = aie.lock(%logical_core, 3) {init = 1 : i32, sym_name = "door"}',
        "aie.use_lock(%door, AcquireGreaterEqual, %c1_i32)",
        "aie.use_lock(%door, Acquire, %c1_i32_",
        "aie.use_lock(%door, Release, %c2_i32)",
    ):
        assert line in text
