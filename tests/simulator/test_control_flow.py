"""Loops, branches and functions of core programs mean the same natively and in the interpreter."""

from dataclasses import replace

import numpy as np
from simulator.building import assert_agree, built, ran
from simulator.plan_parts import I1, I32, INDEX, ProgramWriter, line
from simulator.plans import ping_pong

from ironbird.plan import Block, CoreProgram, Function, MemoryView, Region

VIEW = MemoryView.contiguous((16,), I32)


def halve_until_below(writer, value, limit):
    """scf.while: how often `value` is halved before it is below `limit`, and what is left."""

    def before(current, steps):
        goes_on = writer.op("arith.cmpi", (current, limit), I1, predicate="sge")
        writer.op("scf.condition", (goes_on, current, steps))

    def after(current, steps):
        half = writer.op("arith.shrsi", (current, writer.constant(1, I32)), I32)
        more = writer.op("arith.addi", (steps, writer.constant(1, I32)), I32)
        writer.op("scf.yield", (half, more))

    regions = [writer.region(before, (I32, I32)), writer.region(after, (I32, I32))]
    results = writer.many(
        "scf.while", (value, writer.constant(0, I32)), (I32, I32), regions=regions
    )
    return results[1]


def double_if_odd(writer, value):
    """scf.if with results on both sides."""
    odd = writer.op("arith.trunci", (value,), I1)

    def doubled():
        writer.op("scf.yield", (writer.op("arith.addi", (value, value), I32),))

    def same():
        writer.op("scf.yield", (value,))

    regions = [writer.region(doubled), writer.region(same)]
    return writer.many("scf.if", (odd,), (I32,), regions=regions)[0]


def each_lane(writer, source, target, ring, compute):
    def lane(index):
        loaded = writer.op("memref.load", (source, index), I32, at=line(40))
        writer.op("memref.store", (compute(loaded), target, index), at=line(40))

    writer.loop(ring.count, lane)


def test_while(tmp_path):
    def compute(writer, source, target, ring):
        limit = writer.constant(5, I32)
        each_lane(writer, source, target, ring, lambda v: halve_until_below(writer, v, limit))

    executable = built(ping_pong(compute=compute)[0], tmp_path)
    result, (x, y) = ran(executable)
    expected = [sum(1 for k in range(32) if value >> k >= 5) for value in x.tolist()]
    assert (y.tolist(), result.findings) == (expected, ())
    assert_agree(executable)


def test_if(tmp_path):
    def compute(writer, source, target, ring):
        each_lane(writer, source, target, ring, lambda value: double_if_odd(writer, value))

    executable = built(ping_pong(compute=compute)[0], tmp_path)
    _, (x, y) = ran(executable)
    np.testing.assert_array_equal(y, np.where(x % 2, 2 * x, x))
    assert_agree(executable)


def add_by_branches():
    """cf: a loop over the lanes of two views, as blocks: entry, head, body, end."""
    writer = ProgramWriter()
    source, target, index = (writer.value(each) for each in (VIEW, VIEW, INDEX))
    blocks = []
    zero = writer.constant(0)
    count = writer.constant(16)
    one = writer.constant(1)
    writer.op("cf.br", (zero,), successors=(1,))
    blocks.append(Block((source, target), writer.take()))
    goes_on = writer.op("arith.cmpi", (index, count), I1, predicate="slt")
    writer.op("cf.cond_br", (goes_on,), successors=(2, 3), operand_counts=(0, 0))
    blocks.append(Block((index,), writer.take()))
    loaded = writer.op("memref.load", (source, index), I32)
    total = writer.op("arith.addi", (loaded, writer.constant(11, I32)), I32)
    writer.op("memref.store", (total, target, index))
    writer.op("cf.br", (writer.op("index.add", (index, one), INDEX),), successors=(1,))
    blocks.append(Block((), writer.take()))
    writer.op("function.return", (writer.constant(77, I32), zero))
    blocks.append(Block((), writer.take()))
    return Function(
        name="add_eleven",
        value_types=tuple(writer.value_types),
        result_types=(I32, INDEX),
        body=Region(tuple(blocks)),
    )


def test_a_function_of_blocks_with_two_results(tmp_path):
    def compute(writer, source, target, ring):
        value, place = writer.many("function.call", (source, target), (I32, INDEX), function=0)
        writer.op("memref.store", (value, target, place), at=line(41))

    plan = replace(ping_pong(compute=compute)[0], functions=(add_by_branches(),))
    executable = built(plan, tmp_path)
    result, (x, y) = ran(executable)
    expected = (x + 11).reshape(8, 16)
    expected[:, 0] = 77
    np.testing.assert_array_equal(y.reshape(8, 16), expected)
    assert result.findings == ()
    assert_agree(executable, schedule_seed=1)


def test_cores_that_differ_in_buffers_only_share_a_program():
    from ironbird.simulator.emit.core_code import emit_cores
    from ironbird.simulator.machine import machine_of

    code = emit_cores(machine_of(ping_pong(stages=3)[0]))
    assert "program_0" in code.code
    assert "program_1" not in code.code
    assert len(code.rows) == 3


def test_a_program_of_blocks(tmp_path):
    """A core whose whole program is a loop of blocks, as mlir-aie lowers scf."""
    plan, _ = ping_pong(worker_objects=8)
    (core,) = plan.cores
    flat = replace(core, program=as_blocks(core.program))
    executable = built(replace(plan, cores=(flat,)), tmp_path)
    result, (x, y) = ran(executable)
    np.testing.assert_array_equal(y, x + 3)
    assert result.findings == ()
    assert_agree(executable)


def as_blocks(program: CoreProgram) -> CoreProgram:
    """The outer scf.for of a worker as branches between blocks."""
    *before, loop, end = program.body.entry.operations
    (index,) = loop.regions[0].entry.arguments
    types = list(program.value_types)
    low, high, step = loop.operands
    types += [I1, INDEX]
    goes_on, following = len(types) - 2, len(types) - 1
    writer = ProgramWriter()
    *inner, _ = loop.regions[0].entry.operations
    op = writer.raw
    blocks = (
        Block((), (*before, op("cf.br", (low,), successors=(1,)))),
        Block(
            (index,),
            (
                op("arith.cmpi", (index, high), (goes_on,), predicate="slt"),
                op("cf.cond_br", (goes_on,), successors=(2, 3), operand_counts=(0, 0)),
            ),
        ),
        Block(
            (),
            (
                *inner,
                op("index.add", (index, step), (following,)),
                op("cf.br", (following,), successors=(1,)),
            ),
        ),
        Block((), (end,)),
    )
    return CoreProgram(tuple(types), Region(blocks))
