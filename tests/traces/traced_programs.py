"""Small traced programs in the newest style, and what their traces hold."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ironbird.iron import ExternalFunction, ObjectFifo, Program, Runtime, Worker
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1Col1
from ironbird.session.compile import Executable, compile
from ironbird.session.result import RunResult
from ironbird.session.run import RunOptions, run
from ironbird.session.trace_reading.timeline import parse_trace

OBJECT, OBJECTS = 32, 6
TILE = np.ndarray[(OBJECT,), np.dtype[np.int32]]
WHOLE = np.ndarray[(OBJECT * OBJECTS,), np.dtype[np.int32]]

MARKED_KERNEL = """
#include <aie_api/aie.hpp>
extern "C" void doubled(int32_t *x, int32_t *y) {
  event0();
  for (int i = 0; i < 32; i += 16) {
    aie::vector<int32_t, 16> v = aie::load_v<16>(x + i);
    aie::store_v(y + i, aie::add(v, v));
  }
  event1();
}
"""
SCALAR_KERNEL = """
#include <stdint.h>
extern "C" void doubled(int32_t *x, int32_t *y) {
  event0();
  for (int i = 0; i < 32; ++i) y[i] = 2 * x[i];
  event1();
}
"""


def add_one(source: Any, sink: Any) -> None:
    """A core that adds one to each element."""
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(OBJECT):
        b[i] = a[i] + 1
    source.release(1)
    sink.release(1)


def program(core: Callable[..., None] = add_one, *extra: Any, **trace: Any) -> Program:
    """One core between two fifos, traced as `trace` says."""
    source, sink = ObjectFifo(TILE, name="x"), ObjectFifo(TILE, name="y")

    def sequence(x: Any, y: Any, into: Any, out: Any) -> None:
        into.fill(x)
        out.drain(y, wait=True)

    worker = Worker(core, [source.cons(), sink.prod(), *extra])
    runtime = Runtime(sequence, [WHOLE, WHOLE, source.prod(), sink.cons()])
    made = Program(NPU1Col1(), runtime, workers=[worker])
    made.enable_trace(**trace)
    return made


def with_kernel(source: str, **trace: Any) -> Program:
    """One core that calls the C++ function `doubled`."""
    kernel = ExternalFunction("doubled", source_string=source, arg_types=[TILE, TILE])

    def core(source: Any, sink: Any, doubled: Any) -> None:
        a, b = source.acquire(1), sink.acquire(1)
        doubled(a, b)
        source.release(1)
        sink.release(1)

    return program(core, kernel, **trace)


def tensors() -> tuple[np.ndarray, np.ndarray]:
    """An input and an output."""
    return np.arange(OBJECT * OBJECTS, dtype=np.int32), np.zeros(OBJECT * OBJECTS, np.int32)


def built(made: Program) -> tuple[Executable, str]:
    """The program built, and its module as text."""
    module = made.resolve_program()
    return compile(module), str(module)


def ran(made: Program, backend: str = "native") -> tuple[RunResult, list[dict[str, Any]]]:
    """A run without findings, and the timeline of its trace."""
    executable, text = built(made)
    result = run(executable, *tensors(), options=RunOptions(backend=backend))
    assert result.findings == ()
    return result, parse_trace(result.trace_buffer, text)


def times(events: list[dict[str, Any]], name: str) -> list[tuple[int, int]]:
    """From begin to end, of every stretch of an event."""
    begun = [each["ts"] for each in events if each["name"] == name and each["ph"] == "B"]
    ended = [each["ts"] for each in events if each["name"] == name and each["ph"] == "E"]
    return list(zip(begun, ended, strict=True))
