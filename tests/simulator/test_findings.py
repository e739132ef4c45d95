"""Each finding says what, where, by how much and what to try, in the author's names."""

from dataclasses import replace

import numpy as np
import pytest
from simulator.building import assert_agree, built, built_with_kernels, interpreted, ran
from simulator.plan_parts import I32, SHIM, Parts, ProgramWriter, line
from simulator.plans import (
    add_constant,
    arguments,
    host_steps,
    ping_pong,
    worker,
)

from ironbird.base.device import Direction, Tile
from ironbird.plan import AwaitToken, ChannelName, Kernel, MemoryView, StartTask
from ironbird.simulator.compiler import find_compiler

VIEW = MemoryView.contiguous((16,), I32)


def call_kernel(writer, source, target, ring):
    """The kernel on one object."""
    count = writer.constant(ring.count, I32)
    writer.op("kernel.call", (source, target, count), kernel=0, at=line(33))


def with_kernel(symbol, **options):
    plan, _ = ping_pong(compute=call_kernel, **options)
    kernel = Kernel(symbol=symbol, argument_types=(VIEW, VIEW, I32), at=line(5))
    return replace(plan, kernels=(kernel,))


@pytest.fixture(scope="module")
def kernel_directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("kernels")
    built_with_kernels(with_kernel("add_three"), directory)
    return directory


def run_kernel(symbol, directory, **options):
    """Natively, with the libraries that are built already: only the symbol differs."""
    from ironbird.simulator import load

    return load(directory, with_kernel(symbol, **options))


def messages(result):
    return [str(finding) for finding in result.findings]


def test_a_right_kernel_has_no_findings(kernel_directory):
    executable = run_kernel("add_three", kernel_directory)
    result, (x, y) = ran(executable)
    assert result.findings == ()
    np.testing.assert_array_equal(y, x + 3)
    assert (result.kernels[0].symbol, result.kernels[0].calls) == ("add_three", 8)
    assert_agree(executable, kernel_directory, schedule_seed=3)


def test_write_past_buffer(kernel_directory):
    executable = run_kernel("three_too_many", kernel_directory)
    result, _ = ran(executable)
    assert messages(result) == [
        "design.py:33: write-past-buffer: kernel 'three_too_many', called by worker 'worker0', "
        "writes outside buffer 'y_out_buff_0' of ObjectFifo 'y_out'\n"
        "  because: 12 bytes changed, the first 0 bytes past its end; the buffer has 64 bytes\n"
        "  try: a buffer as large as what is written, or fewer elements written"
    ]
    assert_agree(executable, kernel_directory)


def test_poison_read_by_a_kernel(kernel_directory):
    executable = run_kernel("accumulate", kernel_directory)
    result, _ = ran(executable)
    assert messages(result) == [
        "design.py:33: poison-read: kernel 'accumulate', called by worker 'worker0', computes with "
        "memory that nobody wrote\n"
        "  because: 64 bytes of buffer 'y_out_buff_0' of ObjectFifo 'y_out', the first at byte 0, "
        "come out different when the unwritten memory of its arguments holds something else\n"
        "  try: write the buffer before it is read, or give it initial values"
    ]
    assert_agree(executable, kernel_directory)


def test_poison_sent_to_the_host(kernel_directory):
    executable = run_kernel("half", kernel_directory)
    result, _ = ran(executable)
    assert messages(result) == [
        "design.py:20: poison-read: MM2S 0 of tile (0, 2) sends buffer 'y_out_buff_0' of "
        "ObjectFifo "
        "'y_out' to argument 1 ('y') where nobody wrote it\n"
        "  because: 32 bytes from byte 32 of the transfer were never written\n"
        "  try: a producer that writes whole objects, or a transfer of what is written"
    ]
    assert_agree(executable, kernel_directory)


def test_unwritten_memory_can_be_left_unfollowed(kernel_directory):
    result, _ = ran(run_kernel("half", kernel_directory), unwritten_memory=False)
    assert result.findings == ()


def test_stack_overflow(kernel_directory):
    result, (x, y) = ran(run_kernel("large_frame", kernel_directory))
    (message,) = messages(result)
    assert message.startswith(
        "design.py:30: stack-overflow: kernel 'large_frame' needs more stack than worker 'worker0' "
        "has\n  because: it takes at least 24"
    )
    assert message.splitlines()[1].endswith("bytes; stack_size is 1024")
    np.testing.assert_array_equal(y, x + 3)


def test_stack_overflow_below_a_small_frame(kernel_directory):
    if not find_compiler().version.startswith("g++"):
        pytest.skip("only g++ writes a call graph")
    result, _ = ran(run_kernel("calls_deep", kernel_directory))
    (message,) = messages(result)
    assert message.startswith(
        "design.py:30: stack-overflow: kernel 'calls_deep' needs more stack than worker 'worker0' "
        "has\n  because: it takes at least 12"
    )


def test_crashed_kernel(kernel_directory):
    result, _ = ran(run_kernel("crash", kernel_directory))
    assert not result.finished
    assert messages(result) == [
        "design.py:33: crashed-kernel: kernel 'crash', called by worker 'worker0', crashed with "
        "SIGSEGV\n"
        "  because: it was called with (16xi32 of ObjectFifo 'x_in', 16xi32 of ObjectFifo 'y_out', "
        "i32); this process lives on, the run does not\n"
        "  try: compare the kernel's sizes with the buffers it is given"
    ]
    assert_agree(run_kernel("crash", kernel_directory), kernel_directory)


def test_a_kernel_that_reads_past_its_input(kernel_directory):
    executable = run_kernel("reads_too_far", kernel_directory)
    result, _ = ran(executable)
    assert messages(result) == [
        "design.py:33: read-past-buffer: kernel 'reads_too_far', called by worker 'worker0', reads "
        "outside buffer 'x_in_buff_0' of ObjectFifo 'x_in'\n"
        "  because: 8 bytes of its results change with what lies round the buffer, which has 64 "
        "bytes\n"
        "  try: compare the kernel's sizes with the buffers it is given"
    ]
    assert_agree(executable, kernel_directory)


def test_a_kernel_that_reads_ahead_for_nothing(kernel_directory):
    executable = run_kernel("looks_too_far", kernel_directory)
    result, (x, y) = ran(executable)
    assert result.findings == ()
    np.testing.assert_array_equal(y, x + 3)


def test_a_run_after_a_crash_is_whole(kernel_directory):
    ran(run_kernel("crash", kernel_directory))
    result, (x, y) = ran(run_kernel("add_three", kernel_directory))
    assert result.findings == ()
    np.testing.assert_array_equal(y, x + 3)


def test_poison_read_by_core_code():
    def sum_into(writer, source, target, ring):
        zero = writer.constant(0)
        before = writer.op("memref.load", (target, zero), I32, at=line(40))
        writer.op("memref.store", (before, target, zero), at=line(41))
        add_constant(writer, source, target, ring, 3)

    result, _ = interpreted(ping_pong(compute=sum_into)[0])
    assert messages(result) == [
        "design.py:40: poison-read: worker 'worker0' reads buffer 'y_out_buff_0' of ObjectFifo "
        "'y_out' where nobody wrote it\n"
        "  because: 4 bytes at byte 0 were never written\n"
        "  try: write the buffer before it is read, or give it initial values"
    ]


def test_unwritten_output():
    plan, _ = ping_pong()
    steps = plan.sequence.steps
    drain = steps[1].first
    descriptors = list(plan.descriptors)
    descriptors[drain] = replace(
        descriptors[drain], pattern=replace(descriptors[drain].pattern, sizes=(96,)), length=96
    )
    fill = steps[0].first
    descriptors[fill] = replace(
        descriptors[fill], pattern=replace(descriptors[fill].pattern, sizes=(96,)), length=96
    )
    result, _ = interpreted(replace(plan, descriptors=tuple(descriptors)))
    assert messages(result) == [
        "unwritten-output: argument 1 ('y') is an output that is not wholly written\n"
        "  because: 32 of 128 elements were never written, the first at index 96\n"
        "  try: transfers that cover the whole output"
    ]


def test_race():
    result, _ = interpreted(ping_pong(missing=frozenset(["worker0 acquires to write"]))[0])
    assert messages(result) == [
        "design.py:40: race: worker 'worker0' writes buffer 'y_out_buff_0' of ObjectFifo 'y_out' "
        "while MM2S 0 of tile (0, 2) reads it\n"
        "  because: no lock orders the two: MM2S 0 of tile (0, 2) reads it (design.py:20), and "
        "which comes first depends on timing\n"
        "  try: acquire the buffer's lock before the access and release it after"
    ]


def test_lock_overflow():
    def release_often(writer, source, target, ring):
        add_constant(writer, source, target, ring, 3)
        writer.lock(1, "release", 60, at=line(42))

    result, _ = interpreted(ping_pong(compute=release_often)[0])
    assert (
        "design.py:42: lock-overflow: worker 'worker0' releases ObjectFifo 'x_in' more often "
        "than a "
        "lock can count\n"
        "  because: lock 'x_in_full' would be 120; it holds at most 63 and stays there\n"
        "  try: an acquire for each release"
    ) in [message.replace("would be 121", "would be 120") for message in messages(result)]


def test_unfilled_fifo():
    """The output wants two objects more than the input gives."""
    result, _ = interpreted(ping_pong(objects=8, output_objects=10)[0])
    assert not result.finished
    assert messages(result) == [
        "design.py:31: unfilled-fifo: ObjectFifo 'x_in' is not filled: worker 'worker0' waits for "
        "ever\n"
        "  because: the runtime sequence waits at design.py:52 for S2MM 0 of tile (0, 0) to end "
        "its "
        "task;\n"
        "    S2MM 0 of tile (0, 0) waits for 128 of 640 bytes of ObjectFifo 'y_out';\n"
        "    MM2S 0 of tile (0, 2) waits for 1 filled object of ObjectFifo 'y_out' (there are 0);\n"
        "    worker 'worker0' waits at design.py:31 for 1 filled object of ObjectFifo 'x_in' "
        "(there "
        "are 0);\n"
        "    S2MM 0 of tile (0, 2) waits for 64 of 64 bytes of ObjectFifo 'x_in';\n"
        "    MM2S 0 of tile (0, 0) has nothing left to send\n"
        "  try: as many objects filled as are acquired"
    ]


def test_undrained_fifo():
    """The input gives ten objects more than the output takes, and than the fifos hold."""
    result, _ = interpreted(ping_pong(objects=18, output_objects=8)[0])
    assert result.finished
    assert messages(result) == [
        "design.py:32: undrained-fifo: ObjectFifo 'y_out' is not drained: worker 'worker0' waits "
        "for "
        "ever\n"
        "  because: MM2S 0 of tile (0, 0) waits to send 384 of 1152 bytes of ObjectFifo 'x_in';\n"
        "    S2MM 0 of tile (0, 2) waits for 1 free object of ObjectFifo 'x_in' (there are 0);\n"
        "    worker 'worker0' waits at design.py:32 for 1 free object of ObjectFifo 'y_out' (there "
        "are 0);\n"
        "    MM2S 0 of tile (0, 2) waits to send 64 of 64 bytes of ObjectFifo 'y_out';\n"
        "    S2MM 0 of tile (0, 0) has nothing left to receive\n"
        "  try: as many objects drained as are filled"
    ]


def test_a_worker_that_ends_early():
    result, _ = interpreted(ping_pong(objects=8, worker_objects=6)[0])
    assert messages(result) == [
        "design.py:20: unfilled-fifo: ObjectFifo 'y_out' is not filled: MM2S 0 of tile (0, 2) "
        "waits "
        "for ever\n"
        "  because: the runtime sequence waits at design.py:52 for S2MM 0 of tile (0, 0) to end "
        "its "
        "task;\n"
        "    S2MM 0 of tile (0, 0) waits for 128 of 512 bytes of ObjectFifo 'y_out';\n"
        "    MM2S 0 of tile (0, 2) waits for 1 filled object of ObjectFifo 'y_out' (there are 0);\n"
        "    worker 'worker0' has ended\n"
        "  try: as many objects filled as are acquired"
    ]


def torn(input_elements, output_elements):
    parts = Parts()
    tile = Tile(0, 2)
    inwards, outwards = (
        parts.ring("x_in", tile, 2, 16, at=line(10)),
        parts.ring("y_out", tile, 2, 16, at=line(20)),
    )
    parts.ring_channel(inwards, Direction.S2MM, 0, "input")
    parts.ring_channel(outwards, Direction.MM2S, 0, "output")
    parts.route(SHIM, 0, (tile, 0))
    parts.route(tile, 0, (SHIM, 0))
    worker(parts, tile, "w", inwards, outwards)
    return parts.plan(
        arguments(input_elements, output_elements),
        host_steps(parts, input_elements, output_elements),
    )


def test_size_mismatch_of_an_input():
    result, _ = interpreted(torn(40, 48))
    assert messages(result) == [
        "design.py:10: size-mismatch: a transfer ends in the middle of an object of ObjectFifo "
        "'x_in'\n"
        "  because: 32 of 64 bytes arrived, then MM2S 0 of tile (0, 0) has nothing left to send\n"
        "  try: transfers of a multiple of 64 bytes"
    ]


def test_size_mismatch_of_an_output():
    result, _ = interpreted(torn(48, 40))
    assert messages(result) == [
        "design.py:20: size-mismatch: a transfer ends in the middle of an object of ObjectFifo "
        "'y_out'\n"
        "  because: 32 of 64 bytes were taken, then S2MM 0 of tile (0, 0) has nothing left to "
        "receive\n"
        "  try: transfers of a multiple of 64 bytes"
    ]


def circle():
    """Two cores, each waiting for what the other releases after its own wait."""
    parts = Parts()
    locks = [parts.lock(name, Tile(0, 2), "full", 0, line(9)) for name in ("ping", "pong")]
    from ironbird.plan import Core

    for number, name in enumerate(("left", "right")):
        writer = ProgramWriter()
        writer.lock(locks[number], "acquire_ge", at=line(60 + number))
        writer.lock(locks[1 - number], "release", at=line(70 + number))
        parts.cores.append(
            Core(tile=Tile(0, 2 + number), program=writer.program(), stack_bytes=1024, name=name)
        )
    inwards = parts.ring("y_out", Tile(0, 2), 1, 16, at=line(20))
    channel = ChannelName(SHIM, Direction.S2MM, 0)
    parts.ring_channel(inwards, Direction.MM2S, 0, "output", locks=(inwards.free, locks[0]))
    parts.route(Tile(0, 2), 0, (SHIM, 0))
    task = parts.host_task(1, 16, I32, "y_out", line(51))
    steps = [
        StartTask(task=0, channel=channel, first=task, token=True, at=line(51)),
        AwaitToken(channel=channel, task=0, at=line(52)),
    ]
    return parts.plan(arguments(16, 16), steps)


def test_deadlock():
    result, _ = interpreted(circle())
    assert messages(result) == [
        "design.py:60: deadlock: nothing moves after cycle 861: a circle of waits\n"
        "  because: the runtime sequence waits at design.py:52 for S2MM 0 of tile (0, 0) to end "
        "its "
        "task;\n"
        "    S2MM 0 of tile (0, 0) waits for 64 of 64 bytes of ObjectFifo 'y_out';\n"
        "    MM2S 0 of tile (0, 2) waits for 1 filled object of ObjectFifo 'ping' (there are 0);\n"
        "    worker 'right' waits at design.py:61 for 1 filled object of ObjectFifo 'pong' (there "
        "are 0);\n"
        "    worker 'left' waits at design.py:60 for 1 filled object of ObjectFifo 'ping' (there "
        "are "
        "0);\n"
        "    and that leads back to worker 'right'\n"
        "  try: release before the next acquire, or give the fifo a greater depth"
    ]


def test_cycle_limit(tmp_path):
    def endless(writer, source, target, ring):
        writer.loop(2**60, lambda index: None)

    plan, _ = ping_pong(compute=endless)
    executable = built(plan, tmp_path)
    result, _ = ran(executable, cycle_limit=50_000_000)
    assert messages(result) == [
        "cycle-limit: the run takes longer than its limit\n"
        "  because: it is not finished after 50000000 cycles\n"
        "  try: a larger cycle_limit, or a loop that ends"
    ]
