"""Small programs for the tests of the front end, and what a refusal of one says."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir import parse_module, print_module
from ironbird.iron import ObjectFifo, Program, Runtime, Worker
from ironbird.iron.device import NPU1, Tile

# The printer numbers equal names in the order of the text; the tests are not about that.
NUMBERED = re.compile(r"(%[a-z][\w-]*?)_\d+\b")
SCAFFOLD = re.compile(r"objectfifo|= arith.constant .* : index$")


def array(*shape: int, dtype: Any = np.int32) -> Any:
    """The array type of a shape."""
    return np.ndarray[shape, np.dtype[dtype]]


T = array(16)


def move(source, sink):
    """A core function that copies one element of each object."""
    a, b = source.acquire(1), sink.acquire(1)
    b[0] = a[0]
    source.release(1)
    sink.release(1)


def nothing(*_: Any) -> None:
    """A core function, or a sequence, that does nothing."""


def resolve(workers, function, arguments, device=None):
    """The text of a program of `workers` and the sequence `function(*arguments)`."""
    return text_of(Program(device or NPU1(), Runtime(function, arguments), workers=workers))


def through_one_core(
    core_fn: Callable[..., Any],
    extra: list[Any] | None = None,
    *,
    shape: tuple[int, ...] = (16,),
    dtype: Any = np.int32,
    **worker: Any,
) -> Program:
    """A program whose one core has a fifo in and a fifo out, then `extra`."""
    tensor = array(*shape, dtype=dtype)
    source, sink = ObjectFifo(tensor, name="x"), ObjectFifo(tensor, name="y")
    core = Worker(core_fn, [source.cons(), sink.prod(), *(extra or [])], **worker)

    def sequence(a, b, fill, drain):
        fill.fill(a)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [tensor, tensor, source.prod(), sink.cons()])
    return Program(NPU1(), runtime, workers=[core])


def text_of(program: Program) -> str:
    """The printed module; it parses again to the same text."""
    text = print_module(program.resolve_program())
    assert print_module(parse_module(text)) == text
    return text


def golden(name: str) -> str:
    """A module as it must be printed."""
    return (Path(__file__).parent / "golden" / name).read_text()


def core_lines(
    compute: Callable[..., Any], *, shape: tuple[int, ...] = (16,), dtype: Any = np.int32
) -> list[str]:
    """What `compute(object_in, object_out)` emits on %1 and %3, without constants of indices."""

    def core_fn(source, sink):
        a, b = source.acquire(1), sink.acquire(1)
        compute(a, b)
        source.release(1)
        sink.release(1)

    program = through_one_core(core_fn, shape=shape, dtype=dtype, while_true=False, tile=Tile(0, 2))
    inside = text_of(program).split("aie.core(")[1].split("aie.end")[0].splitlines()[1:]
    lines = [NUMBERED.sub(r"\1", line.strip()) for line in inside]
    return [line for line in lines if line and not SCAFFOLD.search(line)]


@contextmanager
def refused(
    *, at: str | None, what: str, because: str | None = None, fix: str | None = None
) -> Iterator[None]:
    """The body is refused with exactly this message, at the line of the test marked `# !at`."""
    frame = sys._getframe(2)
    with pytest.raises(DesignError) as refusal:
        yield
    found = str(refusal.value)
    expected = what if at is None else f"{marked(Path(frame.f_code.co_filename), at)}: {what}"
    for name, text in (("because", because), ("try", fix)):
        if text is not None:
            expected += f"\n  {name}: {text}"
    expected = re.sub(
        r"<([a-z]\w*)>", lambda m: marked(Path(frame.f_code.co_filename), m[1]), expected
    )
    assert found == expected


def marked(file: Path, mark: str) -> str:
    """`file:line` of the line of `file` that ends in `# !mark`."""
    lines = file.read_text().splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line.endswith(f"# !{mark}")]
    assert len(numbers) == 1, f"{len(numbers)} lines are marked {mark!r}"
    return str(SourceLine(str(file), numbers[0]))
