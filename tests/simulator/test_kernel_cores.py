"""Kernels on cores: statics, scalars, results, and waiting for a neighbour inside C++."""

from dataclasses import replace

import numpy as np
import pytest
from simulator.building import assert_agree, built_with_kernels, interpreted, ran
from simulator.plan_parts import I32, SHIM, Parts, ProgramWriter, line
from simulator.plans import arguments, host_steps, ping_pong, view

from ironbird.base.device import Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.plan import CascadeLink, Core, Kernel, Lock, MemoryView

VIEW = MemoryView.contiguous((16,), I32)
PAIR = (VIEW, VIEW, I32)


def calling(symbol, result=None):
    def compute(writer, source, target, ring):
        count = writer.constant(ring.count, I32)
        returned = writer.op("kernel.call", (source, target, count), result, kernel=0, at=line(33))
        if result is not None:
            writer.op("memref.store", (returned, target, writer.constant(1)), at=line(34))

    plan, _ = ping_pong(compute=compute, stages=2)
    results = () if result is None else (result,)
    kernel = Kernel(symbol=symbol, argument_types=PAIR, result_types=results, at=line(5))
    return replace(plan, kernels=(kernel,))


def test_statics_belong_to_one_core(tmp_path):
    executable = built_with_kernels(calling("count_calls"), tmp_path)
    result, (_, y) = ran(executable)
    assert result.findings == ()
    assert y.reshape(8, 16)[:, 0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_result_comes_back(tmp_path):
    executable = built_with_kernels(calling("first_of", I32), tmp_path)
    result, (x, y) = ran(executable)
    assert result.findings == ()
    first = x.reshape(8, 16)
    np.testing.assert_array_equal(y.reshape(8, 16)[:, 0], first[:, 0] + 6)
    np.testing.assert_array_equal(y.reshape(8, 16)[:, 1], first[:, 0] + 3)
    assert_agree(executable, tmp_path, schedule_seed=4)


def cascaded():
    """x -> left ==cascade==> right -> y; objects of 32 elements, two words each."""
    parts = Parts()
    left, right = Tile(0, 3), Tile(0, 2)
    inwards = parts.ring("x_in", left, 2, 32, at=line(10))
    outwards = parts.ring("y_out", right, 2, 32, at=line(20))
    parts.ring_channel(inwards, Direction.S2MM, 0, "input")
    parts.ring_channel(outwards, Direction.MM2S, 0, "output")
    parts.route(SHIM, 0, (left, 0))
    parts.route(right, 0, (SHIM, 0))
    whole = MemoryView.contiguous((32,), I32)
    parts.kernels = [
        Kernel(symbol="to_cascade", argument_types=(whole, I32), at=line(5)),
        Kernel(symbol="from_cascade", argument_types=(whole, I32), at=line(6)),
    ]
    for tile, ring, name, kernel in ((left, inwards, "left", 0), (right, outwards, "right", 1)):
        parts.cores.append(_cascade_core(tile, ring, name, kernel))
    plan = parts.plan(arguments(256, 256), host_steps(parts, 256, 256))
    return replace(plan, cascades=(CascadeLink(left, right),))


def _cascade_core(tile, ring, name, kernel):
    takes, gives = (ring.full, ring.free) if kernel == 0 else (ring.free, ring.full)
    writer = ProgramWriter()

    def rounds(_):
        for number in ring.buffers:
            buffer = writer.op("buffer", result=view(ring), buffer=number)
            writer.lock(takes, "acquire_ge", at=line(31))
            count = writer.constant(ring.count, I32)
            writer.op("kernel.call", (buffer, count), kernel=kernel, at=line(33))
            writer.lock(gives, "release", at=line(35))

    writer.loop(2**62, rounds)
    return Core(tile=tile, program=writer.program(), stack_bytes=1024, name=name)


@pytest.fixture(scope="module")
def cascade(tmp_path_factory):
    directory = tmp_path_factory.mktemp("cascade")
    return built_with_kernels(cascaded(), directory), directory


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_kernels_wait_for_the_cascade(cascade, seed):
    executable, directory = cascade
    result, (x, y) = ran(executable, schedule_seed=seed)
    assert result.findings == ()
    np.testing.assert_array_equal(y, x + 3)
    assert_agree(executable, directory, schedule_seed=seed)


def test_a_cascade_that_nobody_reads(cascade, tmp_path):
    executable, directory = cascade
    left, right = executable.plan.cores
    silent = replace(
        executable.plan, cores=(left, replace(right, program=ProgramWriter().program()))
    )
    result, _ = interpreted(silent, directory)
    assert [str(finding) for finding in result.findings] == [
        "design.py:20: unfilled-fifo: ObjectFifo 'y_out' is not filled: MM2S 0 of tile (0, 2) "
        "waits "
        "for ever\n"
        "  because: the runtime sequence waits at design.py:52 for S2MM 0 of tile (0, 0) to end "
        "its "
        "task;\n"
        "    S2MM 0 of tile (0, 0) waits for 1024 of 1024 bytes of ObjectFifo 'y_out';\n"
        "    MM2S 0 of tile (0, 2) waits for 1 filled object of ObjectFifo 'y_out' (there are 0);\n"
        "    nothing else ever releases it\n"
        "  try: as many objects filled as are acquired"
    ]


def test_a_kernel_that_uses_a_lock_itself(tmp_path):
    plan = calling("with_lock")
    own = tuple(
        Lock(name=f"own{stage}", tile=Tile(0, 2 + stage), id=5, initial=1) for stage in range(2)
    )
    others = tuple(replace(lock, id=lock.id + 16) for lock in plan.locks)
    executable = built_with_kernels(replace(plan, locks=(*others, *own)), tmp_path)
    result, (x, y) = ran(executable)
    assert result.findings == ()
    np.testing.assert_array_equal(y, x + 6)
    assert_agree(executable, tmp_path, schedule_seed=9)


def test_a_kernel_without_source(tmp_path):
    plan = calling("no_such_kernel")
    with pytest.raises(DesignError) as caught:
        built_with_kernels(plan, tmp_path)
    assert str(caught.value) == (
        "design.py:5: no kernel source defines 'no_such_kernel'\n"
        '  because: the design calls it, and C++ exports a plain name only for extern "C"\n'
        '  try: define it as extern "C", with the name the design declares'
    )


def test_a_plan_with_kernels_needs_their_library():
    with pytest.raises(DesignError) as caught:
        interpreted(calling("add_three"))
    assert str(caught.value) == (
        "design.py:5: kernel 'add_three' is called but no kernel library is given"
    )


def test_threads_change_nothing(tmp_path):
    """Kernels long enough to be handed to threads."""

    def compute(writer, source, target, ring):
        count = writer.constant(ring.count, I32)
        writer.op("kernel.call", (source, target, count), kernel=0, at=line(33))

    plan, _ = ping_pong(compute=compute, stages=4, count=512, objects=12)
    large = MemoryView.contiguous((512,), I32)
    kernel = Kernel(symbol="add_three", argument_types=(large, large, I32), at=line(5))
    executable = built_with_kernels(replace(plan, kernels=(kernel,)), tmp_path)
    runs = [ran(executable, threads=threads, schedule_seed=6) for threads in (1, 2, 4) * 3]
    for result, (x, y) in runs:
        assert result.findings == ()
        np.testing.assert_array_equal(y, x + 12)
    assert len({(result.cycles, result.events) for result, _ in runs}) == 1
    assert_agree(executable, tmp_path, schedule_seed=6)
