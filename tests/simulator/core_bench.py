"""A core that applies operations to lanes of its inputs, and a way for the results to the host."""

import itertools

import numpy as np
from simulator.plan_parts import I32, INDEX, SHIM, Parts, ProgramWriter

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Direction, Tile
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.plan import (
    AwaitToken,
    Buffer,
    ChannelName,
    ChannelProgram,
    Core,
    Descriptor,
    HostArgument,
    LockUse,
    MemoryView,
    StartTask,
)

LANES = 8
INTEGERS = ("i8", "i16", "i32", "i64")
FLOATS = ("f32", "f64", "bf16", "f16")
CORE = Tile(0, 2)


class Bench:
    """A core that applies operations to lanes of its inputs, and a way for results to the host."""

    def __init__(self, result_lanes):
        """result_lanes: how many lanes of results there are of each type."""
        self.parts = Parts()
        self.writer = ProgramWriter()
        self.inputs = {}
        self.labels = []
        self.used = dict.fromkeys(result_lanes, 0)
        for name in (*INTEGERS, *FLOATS):
            element = ELEMENT_TYPES[name]
            pair = [self._buffer(f"{name}_{side}", element) for side in "ab"]
            self.inputs[name] = pair
        self.results = {
            name: self._buffer(f"{name}_results", ELEMENT_TYPES[name], lanes)
            for name, lanes in result_lanes.items()
        }
        self.ready = self.parts.lock("inputs", CORE, None, 0)
        self.done = self.parts.lock("results", CORE, None, 0)
        self.writer.lock(self.ready, "acquire_ge")

    def _buffer(self, name, element, lanes=LANES):
        self.parts.buffers.append(
            Buffer(name=name, tile=CORE, address=0, shape=(lanes,), element=element)
        )
        return len(self.parts.buffers) - 1

    def view(self, buffer):
        part = self.parts.buffers[buffer]
        view = MemoryView.contiguous(part.shape, part.element)
        return self.writer.op("buffer", result=view, buffer=buffer)

    def apply(self, operation, source, result, operand_count=2, **attributes):
        """result[i] = operation(a[i], b[i], ...) for all lanes.

        operation: the name of one, or a function of the writer and the operands.
        """
        source_element, result_element = ELEMENT_TYPES[source], ELEMENT_TYPES[result]
        views = [self.view(self.inputs[source][n % 2]) for n in range(operand_count)]
        stored = ELEMENT_TYPES["i8"] if result == "i1" else result_element
        target = self.view(self.results[stored.name])
        start = self.used[stored.name]
        self.used[stored.name] += LANES
        kind = attributes.get("predicate", "")
        name = operation.__name__ if callable(operation) else operation
        self.labels.append((f"{name}{kind}_{source}_{result}", stored, start))

        def lane(index):
            operands = [self.writer.op("memref.load", (v, index), source_element) for v in views]
            if callable(operation):
                value = operation(self.writer, *operands)
            else:
                value = self.writer.op(operation, operands, result_element, **attributes)
            if result == "i1":
                value = self.writer.op("arith.extui", (value,), stored)
            place = self.writer.op("index.add", (index, self.writer.constant(start)), INDEX)
            self.writer.op("memref.store", (value, target, place))

        self.writer.loop(LANES, lane)

    def plan(self):
        self.writer.lock(self.done, "release")
        core = Core(tile=CORE, program=self.writer.program(), stack_bytes=1024, name="bench")
        self.parts.cores.append(core)
        feed = ChannelName(SHIM, Direction.MM2S, 0)
        drain = ChannelName(SHIM, Direction.S2MM, 0)
        inputs = list(itertools.chain(*self.inputs.values()))
        self._chain(inputs, Direction.S2MM, release=LockUse(self.ready, "release", 1))
        results = list(self.results.values())
        self._chain(results, Direction.MM2S, acquire=LockUse(self.done, "acquire_ge", 1))
        self.parts.route(SHIM, 0, (CORE, 0))
        self.parts.route(CORE, 0, (SHIM, 0))
        sizes = [
            sum(self.parts.buffers[buffer].byte_count for buffer in group) // 4
            for group in (inputs, results)
        ]
        fill = self.parts.host_task(0, sizes[0], I32, None)
        empty = self.parts.host_task(1, sizes[1], I32, None)
        arguments = (
            HostArgument(shape=(sizes[0],), element=I32, read=True, written=False),
            HostArgument(shape=(sizes[1],), element=I32, read=False, written=True),
        )
        steps = [
            StartTask(task=0, channel=feed, first=fill),
            StartTask(task=1, channel=drain, first=empty, token=True),
            AwaitToken(channel=drain, task=1),
        ]
        return self.parts.plan(arguments, steps)

    def _chain(self, buffers, direction, acquire=None, release=None):
        first = len(self.parts.descriptors)
        for number, buffer in enumerate(buffers):
            element = self.parts.buffers[buffer].element
            last = number == len(buffers) - 1
            self.parts.descriptors.append(
                Descriptor(
                    id=0,
                    tile=CORE,
                    memory=buffer,
                    element_bytes=element.bytes,
                    pattern=AccessPattern.linear(self.parts.buffers[buffer].shape[0]),
                    length=self.parts.buffers[buffer].shape[0],
                    acquire=acquire if number == 0 else None,
                    release=release if last else None,
                    next=None if last else first + number + 1,
                )
            )
        self.parts.channels.append(
            ChannelProgram(channel=ChannelName(CORE, direction, 0), first=first)
        )


def input_bytes(bench, random):
    """Random bits and telling values of every type; NaNs are the one that arithmetic makes."""
    pieces = []
    for name in bench.inputs:
        dtype = ELEMENT_TYPES[name].dtype
        for _ in "ab":
            raw = random.integers(0, 256, LANES * dtype.itemsize, dtype=np.uint8).view(dtype)
            small = random.integers(-9, 10, LANES).astype(dtype)
            lanes = np.where(random.random(LANES) < 0.5, raw, small)
            if name in FLOATS:
                lanes = np.where(np.isnan(lanes.astype(np.float64)), dtype.type(np.nan), lanes)
            pieces.append(lanes.astype(dtype).tobytes())
    return np.frombuffer(b"".join(pieces), dtype=np.int32).copy()


def by_label(bench, results):
    """The lanes of each operation's result."""
    found = {}
    place = 0
    for name in bench.results:
        dtype = ELEMENT_TYPES[name].dtype
        size = bench.used[name] * dtype.itemsize
        lanes = results.view(np.uint8)[place : place + size].view(dtype)
        for label, element, start in bench.labels:
            if element.name == name:
                found[label] = lanes[start : start + LANES]
        place += size
    return found


def read_pair(bench, given_bytes, wanted):
    place = 0
    for name in bench.inputs:
        dtype = ELEMENT_TYPES[name].dtype
        size = LANES * dtype.itemsize
        if name == wanted:
            pair = given_bytes.view(np.uint8)[place : place + 2 * size].view(dtype)
            return pair[:LANES], pair[LANES:]
        place += 2 * size
    raise KeyError(wanted)
