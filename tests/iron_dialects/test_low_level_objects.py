"""`Flow`, `PacketFlow`, `Lock`, `TileDma` of aie.iron: run on the interpreter, or refused."""

import numpy as np
from aie.dialects import memref, vector
from aie.dialects.aie import T, event, get_cascade, put_cascade
from aie.iron import (
    Acquire,
    Bd,
    BdIteration,
    Buffer,
    CascadeFlow,
    DmaChannel,
    Flow,
    Lock,
    ObjectFifo,
    PacketDest,
    PacketFlow,
    Program,
    Release,
    Runtime,
    TaskGroup,
    TileDma,
    Worker,
)
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile
from placed_modules import array, in_core, refused

from ironbird.session.lowering import lower_to_plan
from ironbird.simulator import SimulationOptions, interpret


def simulated(program, *tensors):
    """Run a program; it ends without a finding."""
    plan = lower_to_plan(program.resolve_program())
    result = interpret(plan, None, list(tensors), SimulationOptions())
    assert result.findings == ()


def echo(runtime, place, number, sent_on):
    """A core on `place` adds 100 * (number + 1) to 8 words of packets and sends them as packets."""
    held = Buffer(array(8), name=f"held{number}", tile=place)
    full, done = Lock(place, init=0), Lock(place, init=0)
    runtime.add_lock(full)
    runtime.add_lock(done)
    runtime.add_tile_dma(
        TileDma(
            place,
            [
                DmaChannel("S2MM", 0, [Bd(held, releases=[Release(full)], next=None)]),
                DmaChannel(
                    "MM2S",
                    0,
                    [
                        Bd(
                            held,
                            acquires=[Acquire(done, 1, greater_equal=False)],
                            releases=[Release(sent_on)],
                            next=None,
                            packet=(0, number + 8),
                        )
                    ],
                ),
            ],
        )
    )

    def core(values, full, done):
        full.acquire(1)
        for i in range_(8):
            values[i] = values[i] + 100 * (number + 1)
        done.release(1)

    return Worker(core, [held, full, done], tile=place, while_true=False)


def test_packets_fan_out_and_in_again():
    shim, places = Tile(0, 0), [Tile(0, 2), Tile(0, 3)]
    out = [
        PacketFlow(number, shim, place, shim_symbol="send") for number, place in enumerate(places)
    ]
    back = [
        PacketFlow(number + 8, place, shim, shim_symbol="gather")
        for number, place in enumerate(places)
    ]

    def sequence(a, b):
        for number, flow in enumerate(out):
            group = TaskGroup()
            flow.fill(a, tap=half(number), group=group)
            back[number].drain(b, tap=half(number), wait=True, group=group)
            group.finish()

    runtime = Runtime(sequence, [array(16), array(16)])
    for flow in (*out, *back):
        runtime.add_flow(flow)
    workers = [echo(runtime, place, n, Lock(place)) for n, place in enumerate(places)]
    x, y = np.arange(16, dtype=np.int32), np.zeros(16, np.int32)
    simulated(Program(NPU1(), runtime, workers), x, y)
    assert (y == x + np.repeat([100, 200], 8)).all()


def half(number):
    from aie.helpers.taplib import TensorAccessPattern

    return TensorAccessPattern((16,), 8 * number, [8], [1])


def test_a_memory_tile_that_reads_its_buffer_in_steps():
    """Each run of the sending descriptor starts 4 elements further: `iteration`."""
    shim, memory = Tile(0, 0), Tile(0, 1)
    store = Buffer(array(16), name="store", tile=memory)
    free, full = Lock(memory, init=1), Lock(memory, init=0)
    incoming, outgoing = (
        Flow(shim, memory, shim_symbol="send"),
        Flow(memory, shim, src_channel=1, shim_symbol="gather"),
    )

    def sequence(a, b):
        incoming.fill(a)
        outgoing.drain(b, wait=True)

    runtime = Runtime(sequence, [array(16), array(8)])
    for part in (incoming, outgoing):
        runtime.add_flow(part)
    for part in (free, full):
        runtime.add_lock(part)
    runtime.add_tile_dma(
        TileDma(
            memory,
            [
                DmaChannel(
                    "S2MM",
                    0,
                    [Bd(store, acquires=[Acquire(free)], releases=[Release(full, 4)], next=None)],
                ),
                DmaChannel(
                    "MM2S",
                    1,
                    [Bd(store, 0, 2, acquires=[Acquire(full)], iteration=BdIteration(4, 4))],
                ),
            ],
        )
    )
    x, y = np.arange(16, dtype=np.int32), np.zeros(8, np.int32)
    simulated(Program(NPU1(), runtime), x, y)
    assert y.tolist() == [0, 1, 4, 5, 8, 9, 12, 13]


def test_what_cores_say_by_the_dialect_is_said_by_workers_too():
    """Cascade, vectors and events in the functions of workers."""
    line = array(16)
    source, sink = ObjectFifo(line, name="x"), ObjectFifo(line, name="y")

    def send(x):
        part = x.acquire(1)
        event(0)
        lanes = vector.load(T.vector(16, T.i32()), part, [0])
        put_cascade(lanes + lanes)
        x.release(1)

    def receive(y):
        part = y.acquire(1)
        vector.store(get_cascade(T.vector(16, T.i32())), part, [0])
        y.release(1)

    upper = Worker(send, [source.cons()], tile=Tile(0, 4), while_true=False)
    lower = Worker(receive, [sink.prod()], tile=Tile(0, 3), while_true=False)
    CascadeFlow(upper, lower)

    def sequence(a, b, x, y):
        x.fill(a)
        y.drain(b, wait=True)

    runtime = Runtime(sequence, [line, line, source.prod(), sink.cons()])
    a, b = np.arange(16, dtype=np.int32), np.zeros(16, np.int32)
    simulated(Program(NPU1(), runtime, [upper, lower]), a, b)
    assert (b == 2 * a).all()


def test_ways_that_cannot_be_said():
    with refused(
        __file__,
        "a flow from Tile<CoreTile>(0, 2) to Tile<CoreTile>(0, 4) with via=",
        because="aie.flow has no text for the tiles that it goes through",
        fix="@switchbox(tile) of aie.dialects.aie, with connect(...) for each hop",
    ):
        Flow(Tile(0, 2), Tile(0, 4), via=[Tile(1, 3)])  # !
    with refused(
        __file__,
        "a flow from Tile<ShimNOCTile>(0, 0) to Tile<CoreTile>(0, 4) with via=",
        because="aie.flow has no text for the tiles that it goes through",
        fix="@switchbox(tile) of aie.dialects.aie, with connect(...) for each hop",
    ):
        PacketFlow(1, Tile(0, 0), Tile(0, 4), extra_dsts=[PacketDest(Tile(0, 3))], via=[])  # !


def refused_transfer(body, what, because, fix):
    """A sequence that moves over a flow in a way that is refused; `what` has the flow made at."""
    flow = Flow(Tile(0, 0), Tile(0, 2), shim_symbol="send")
    bare = Flow(Tile(0, 2), Tile(0, 0))
    runtime = Runtime(lambda a: body(a, flow, bare), [array(4)])
    for each in (flow, bare):
        runtime.add_flow(each)
    made = {"flow": flow.created_at, "bare": bare.created_at}
    with refused(__file__, what.format(**made), because=because, fix=fix):
        Program(NPU1(), runtime).resolve_program()


def test_transfers_from_the_wrong_side():
    refused_transfer(
        lambda a, flow, bare: flow.drain(a),  # !
        "drain() of the flow made at {flow}",
        "the shim is the flow's source",
        None,
    )
    refused_transfer(
        lambda a, flow, bare: bare.drain(a),  # !
        "drain() of the flow made at {bare}",
        "the flow has no name at the shim",
        "shim_symbol=...",
    )
    refused_transfer(
        lambda a, flow, bare: flow.fill(a, offset_parameter="shift"),  # !
        "fill() of the flow made at {flow} with an offset or length parameter",
        "scratchpad parameters exist on npu2 only",
        "one call for each size, or tap=",
    )


def test_vectors_and_memory_of_a_core_compute_as_numpy():
    line, counts = array(8, dtype=np.float32), array(4)
    x, y = ObjectFifo(line, name="x"), ObjectFifo(line, name="y")
    n, m = ObjectFifo(counts, name="n"), ObjectFifo(counts, name="m")

    def core(x, y, n, m):
        part, out, numbers, found = x.acquire(1), y.acquire(1), n.acquire(1), m.acquire(1)
        own = memref.alloc([8], T.f32())
        memref.copy(part, own)
        lanes_type = T.vector(8, T.f32())
        lanes = vector.load(lanes_type, own, [0])
        thrice = vector.fma(lanes, vector.broadcast(lanes_type, 2.0), lanes)
        square = vector.shape_cast(T.vector(2, 4, T.f32()), thrice)
        corner = vector.extract(square, static_position=[1, 3])
        vector.store(vector.insert(corner, lanes, static_position=[0]), out, [0])
        whole = vector.load(T.vector(4, T.i32()), numbers, [0])
        found[0] = vector.reduction(T.i32(), "add", whole)
        found[1] = vector.reduction(T.i32(), "maxsi", whole, acc=40)
        found[2] = vector.reduction(T.i32(), "minsi", whole)
        found[3] = numbers[3]
        for end in (x, y, n, m):
            end.release(1)

    worker = Worker(core, [x.cons(), y.prod(), n.cons(), m.prod()], while_true=False)

    def sequence(a, b, c, d, x, y, n, m):
        x.fill(a)
        n.fill(c)
        y.drain(b, wait=True)
        m.drain(d, wait=True)

    runtime = Runtime(
        sequence, [line, line, counts, counts, x.prod(), y.cons(), n.prod(), m.cons()]
    )
    a, b = np.arange(8, dtype=np.float32), np.zeros(8, np.float32)
    c, d = np.array([5, -3, 9, 2], np.int32), np.zeros(4, np.int32)
    simulated(Program(NPU1(), runtime, [worker]), a, b, c, d)
    assert b.tolist() == [21.0, *a[1:]]
    assert d.tolist() == [13, 40, -3, 2]


def test_places_and_ways_that_a_vector_has_not():
    def body():
        lanes = get_cascade(T.vector(16, T.i32()))
        vector.extract(lanes, static_position=[16])  # !

    with refused(
        __file__,
        "vector.extract at [16] of a vector<16xi32>",
        because="it takes one number inside the vector for each of its axes",
        fix="static_position=[0]",
    ):
        in_core(body)


def test_reductions_by_words_that_there_are_not():
    def body():
        vector.reduction(T.i32(), "mean", get_cascade(T.vector(16, T.i32())))  # !

    with refused(
        __file__,
        "vector.reduction by 'mean'",
        because="elements are joined by add, mul, minui, minsi, minnumf, maxui, maxsi, maxnumf, "
        "and, or, xor, maximumf, minimumf",
    ):
        in_core(body)
