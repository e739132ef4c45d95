"""Placers, and places that are pinned, filled in, or reserved."""

import numpy as np
import pytest
from iron_programs import T, array, move, nothing, refused, text_of

from ironbird.iron import Buffer, ObjectFifo, Program, Runtime, Worker
from ironbird.iron.device import NPU1, NPU1Col1, Tile
from ironbird.iron.fifo_end import ObjectFifoEndpoint, RuntimeEndpoint
from ironbird.iron.placeable import AlreadyPlacedError
from ironbird.iron.placers import Placer, SequentialPlacer
from ironbird.iron.resolvable import NotResolvedError, Resolvable


def chain(*workers_tiles, device=None, extra=()):
    """A program whose workers stand in a row; `workers_tiles` are their wishes."""
    fifos = [ObjectFifo(T, name=f"f{i}") for i in range(len(workers_tiles) + 1)]
    workers = [
        Worker(move, [before.cons(), after.prod()], placement=tile)
        for before, after, tile in zip(fifos, fifos[1:], workers_tiles, strict=False)
    ]
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(*workers)
        rt.fill(fifos[0].prod(), a)
        rt.drain(fifos[-1].cons(), b, wait=True)
    return Program(device or NPU1(), rt), workers


@pytest.mark.parametrize("names", [(), ("main",), (None,)])
def test_a_placer_may_come_first_or_by_name(names):
    program, _ = chain(None)
    placer = SequentialPlacer()
    text = str(program.resolve_program())
    assert str(program.resolve_program(placer, *names)) == text
    assert str(program.resolve_program(placer=placer)) == text
    assert "aie.device(npu1) @other" in str(program.resolve_program(placer, "other"))
    assert "aie.device(npu1) @other" in str(program.resolve_program("other"))


def test_cores_of_a_column():
    program, workers = chain(None, Tile(0, 3), None, None)
    program.resolve_program(SequentialPlacer(cores_per_col=1))
    places = [(worker.tile.col, worker.tile.row) for worker in workers]
    assert places == [(0, 2), (0, 3), (1, 2), (2, 2)]


def test_too_few_cores_of_a_column():
    program, workers = chain(None, None, device=NPU1Col1())
    line = workers[1].created_at
    with refused(
        at=None,
        what=f"{line}: SequentialPlacer(cores_per_col=1) has no tile for the Worker of 'move'",
        because="2 workers, 1 columns",
        fix="SequentialPlacer(), or more columns",
    ):
        program.resolve_program(SequentialPlacer(1))
    with refused(
        at="none",
        what="SequentialPlacer(cores_per_col=0)",
        because="a column holds at least one worker",
    ):
        SequentialPlacer(cores_per_col=0)  # !none


def test_a_placer_of_the_author():
    class Corner(Placer):
        def make_placement(self, device, rt, workers, object_fifos):
            workers[0].place(Tile(3, 5))
            for handle in object_fifos:
                if isinstance(handle.endpoint, RuntimeEndpoint):
                    handle.endpoint.place(Tile(2, 0))

    program, (worker,) = chain(None)
    text = str(program.resolve_program(Corner()))
    assert "aie.logical_tile<CoreTile>(3, 5)" in text
    assert text.count("aie.logical_tile<ShimNOCTile>(2, 0)") == 1
    with refused(
        at="again",
        what="Worker already placed at Tile<CoreTile>(3, 5); cannot place it at "
        "Tile<CoreTile>(0, 2)",
        because="it was pinned, or a placer placed it before",
    ):
        worker.place(Tile(0, 2))  # !again
    assert issubclass(AlreadyPlacedError, ValueError)


def test_a_buffer_keeps_the_place_of_its_worker():
    buffer = Buffer(T, name="b")
    worker = Worker(nothing, [buffer])
    worker.place(Tile(1, 2))
    assert buffer.tile is worker.tile
    assert Buffer(T, placement=Tile(1, 3)).tile.row == 3


def test_memory_that_kernels_keep_is_reserved():
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(move, [x.cons(), y.prod()], data_size=96, allocation_scheme="bank-aware")
    rt = Runtime()
    with rt.sequence(T, T) as (a, b):
        rt.start(worker)
        rt.fill(x.prod(), a)
        rt.drain(y.cons(), b, wait=True)
    text = text_of(Program(NPU1(), rt))
    assert 'aie.buffer(%logical_core) {sym_name = "reserved0"} : memref<96xi8>' in text
    assert worker.buffers == []
    in_place_of_the_scheme = Worker(nothing, [], None, True, 512, 96)
    assert in_place_of_the_scheme.reserved is not None
    assert in_place_of_the_scheme.tile.allocation_scheme is None


def test_an_end_that_the_program_makes():
    x = ObjectFifo(T, depth=1, name="x", init_values=[np.arange(16, dtype=np.int32)])
    y = ObjectFifo(T, name="y")
    x.prod().endpoint = ObjectFifoEndpoint(Tile(0, 1))
    worker = Worker(move, [x.cons(), y.prod()])
    rt = Runtime()
    with rt.sequence(T) as out:
        rt.start(worker)
        rt.drain(y.cons(), out, wait=True)
    assert "aie.objectfifo @x(%logical_mem, {" in text_of(Program(NPU1(), rt))


def test_objects_of_an_authors_class_become_operations():
    from aie.dialects.aie import tile

    class Spare(Resolvable):
        def resolve(self, loc=None, ip=None):
            tile(3, 3)

    spare = Spare()
    x, y = ObjectFifo(T, name="x"), ObjectFifo(T, name="y")
    worker = Worker(lambda source, sink, _: move(source, sink), [x.cons(), y.prod(), spare])

    def sequence(a, b, fill, drain, _):
        fill.fill(a)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [T, T, x.prod(), y.cons(), spare])
    text = text_of(Program(NPU1(), runtime, [worker]))
    assert text.count("aie.tile(3, 3)") == 1
    found = NotResolvedError()
    assert str(found) == f"{found.at}: Cannot get operation; class not resolved."


def test_operations_of_fifos_are_asked_for_by_name():
    fifo = ObjectFifo(array(4), name="x")
    for owner in (fifo, fifo.prod()):
        with refused(
            at="op",
            what="ObjectFifo 'x' has no operation",
            because="operations are made each time a program is resolved, and belong to its module",
            fix="fifo.name, by which operations refer to it",
        ):
            assert owner.op is None  # !op
