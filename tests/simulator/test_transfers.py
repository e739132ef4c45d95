"""Descriptors visit what their pattern says: against numpy, and the same natively."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulator.building import built
from simulator.plan_parts import I32, SHIM, Parts

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Direction, Tile
from ironbird.plan import (
    AwaitToken,
    ChannelName,
    Descriptor,
    HostArgument,
    HostBuffer,
    Iteration,
    StartTask,
)
from ironbird.simulator import SimulationOptions, interpret
from ironbird.simulator.interpreter.transfer import PADDING, stream_addresses
from ironbird.simulator.layout import layout_of

WORDS = 512


@st.composite
def patterns(draw):
    """Up to four dimensions over a host array of `WORDS` words."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    strides = [draw(st.integers(0, 30)) for _ in sizes[:-1]] + [draw(st.sampled_from([1, 1, 2, 5]))]
    offset = draw(st.integers(0, 20))
    return AccessPattern(offset, tuple(sizes), tuple(strides))


def descriptor(pattern, **options):
    return Descriptor(
        id=0,
        tile=SHIM,
        memory=HostBuffer(0),
        element_bytes=4,
        pattern=pattern,
        **{"length": pattern.element_count, **options},
    )


@given(pattern=patterns())
def test_the_stream_is_the_pattern(pattern):
    addresses = stream_addresses(descriptor(pattern))
    np.testing.assert_array_equal(addresses[::4], pattern.indices() * 4)
    np.testing.assert_array_equal(addresses.reshape(-1, 4)[:, 3], pattern.indices() * 4 + 3)


@given(rows=st.integers(1, 4), columns=st.integers(1, 4), pads=st.tuples(*[st.integers(0, 2)] * 4))
def test_padding_is_zeros_around(rows, columns, pads):
    top, bottom, left, right = pads
    padded = descriptor(
        AccessPattern(0, (rows, columns), (columns, 1)),
        padding=((top, bottom), (left, right)),
        length=(rows + top + bottom) * (columns + left + right),
    )
    memory = np.arange(1, rows * columns + 1, dtype=np.int32)
    addresses = stream_addresses(padded)[::4]
    stream = np.where(addresses == PADDING, 0, memory[np.maximum(addresses, 0) // 4])
    expected = np.pad(memory.reshape(rows, columns), ((top, bottom), (left, right)))
    np.testing.assert_array_equal(stream.reshape(expected.shape), expected)


def test_the_length_stops_a_descriptor_not_its_outermost_size():
    longer = descriptor(AccessPattern(0, (2, 4), (8, 1)), length=12)
    assert layout_of(longer).dimensions[0].size == 3
    assert (stream_addresses(longer)[::16] // 4).tolist() == [0, 8, 16]


def loop_back(descriptors):
    """Host to host: tasks that gather by `descriptors` and one that stores the words in order."""
    parts = Parts()
    feed, drain = ChannelName(SHIM, Direction.MM2S, 0), ChannelName(SHIM, Direction.S2MM, 0)
    parts.descriptors.extend(descriptors)
    runs = [each.iteration.size if each.iteration is not None else 1 for each in descriptors]
    total = sum(each.length * count for each, count in zip(descriptors, runs, strict=True))
    store = parts.host_task(1, total, I32, None)
    parts.route(SHIM, 0, (SHIM, 0))
    steps = [StartTask(task=0, channel=drain, first=store, token=True)]
    steps += [
        StartTask(task=1 + number, channel=feed, first=number, repeat_count=count)
        for number, count in enumerate(runs)
    ]
    steps.append(AwaitToken(channel=drain, task=0))
    arguments = (
        HostArgument(shape=(WORDS,), element=I32, read=True, written=False),
        HostArgument(shape=(total,), element=I32, read=False, written=True),
    )
    return parts.plan(arguments, steps)


# Each example is compiled.
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(several=st.lists(patterns(), min_size=8, max_size=8), repeats=st.integers(1, 3))
def test_both_simulators_visit_the_same(tmp_path, several, repeats):
    iteration = Iteration(repeats, 7) if repeats > 1 else None
    plan = loop_back([descriptor(each, iteration=iteration) for each in several])
    directory = tmp_path / str(len(list(tmp_path.iterdir())))
    executable = built(plan, directory)
    words = np.arange(WORDS, dtype=np.int32)
    native, slow = (np.full(plan.sequence.arguments[1].shape, -1, np.int32) for _ in range(2))
    first = executable.run([words, native], SimulationOptions())
    second = interpret(plan, None, [words, slow], SimulationOptions())
    expected = np.concatenate(
        [each.indices() + 7 * run for each in several for run in range(repeats)]
    )
    np.testing.assert_array_equal(native, expected)
    np.testing.assert_array_equal(slow, expected)
    assert (first.cycles, first.findings) == (second.cycles, second.findings)


def test_a_full_task_queue_makes_the_sequence_wait():
    plan = loop_back([descriptor(AccessPattern.linear(16, 16 * n)) for n in range(9)])
    words, out = np.arange(WORDS, dtype=np.int32), np.zeros(144, np.int32)
    result = interpret(plan, None, [words, out], SimulationOptions())
    assert result.findings == ()
    np.testing.assert_array_equal(out, words[:144])


def test_tasks_beyond_the_queue_wait_for_ever_if_nothing_drains():
    plan = loop_back([descriptor(AccessPattern.linear(16)) for _ in range(7)])
    steps = tuple(step for step in plan.sequence.steps if step.channel.direction is Direction.MM2S)
    stuck = replace(plan, sequence=replace(plan.sequence, steps=steps))
    arguments = [np.zeros(WORDS, np.int32), np.zeros(112, np.int32)]
    result = interpret(stuck, None, arguments, SimulationOptions())
    assert [str(finding) for finding in result.findings] == [
        "deadlock: nothing moves any more: the runtime sequence waits for ever\n"
        "  because: the runtime sequence waits for room in the task queue of MM2S 0 of tile (0, "
        "0);\n"
        "    MM2S 0 of tile (0, 0) waits to send 64 of 64 bytes;\n"
        "    S2MM 0 of tile (0, 0) has nothing left to receive\n"
        "  try: a release, or a transfer, for each wait"
    ]


@pytest.mark.parametrize("elements", [64, 4096, 65536])
def test_a_stream_moves_four_bytes_a_cycle(elements):
    """The slope between two lengths; latencies cancel."""

    def cycles(count):
        parts = Parts()
        tile = Tile(0, 1)
        ring = parts.ring("x", tile, 1, count)
        parts.ring_channel(ring, Direction.S2MM, 0, "in")
        parts.route(SHIM, 0, (tile, 0))
        feed = ChannelName(SHIM, Direction.MM2S, 0)
        task = parts.host_task(0, count, I32, None)
        steps = [
            StartTask(task=0, channel=feed, first=task, token=True),
            AwaitToken(channel=feed, task=0),
        ]
        argument = HostArgument(shape=(count,), element=I32, read=True, written=False)
        plan = parts.plan((argument,), steps)
        return interpret(plan, None, [np.zeros(count, np.int32)], SimulationOptions()).cycles

    assert cycles(2 * elements) - cycles(elements) == elements
