"""Small placed modules for the tests of the builders, and what a refusal of one says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aie.dialects.aie import AIEDevice, core, device, mem, memtile_dma, tile
from aie.dialects.aiex import runtime_sequence
from aie.extras.context import mlir_mod_ctx

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir import parse_module, print_module

Body = Callable[..., Any]


def array(*shape: int, dtype: Any = np.int32) -> Any:
    """The array type of a shape."""
    return np.ndarray[shape, np.dtype[dtype]]


def device_lines(body: Body) -> list[str]:
    """The lines inside a device that `body` builds; its text parses again to the same text."""
    with mlir_mod_ctx() as ctx:
        device(AIEDevice.npu1)(body)
    text = print_module(ctx.module)
    assert print_module(parse_module(text)) == text
    assert ctx.module.operation.verify()
    return [line.removeprefix("    ").rstrip() for line in text.splitlines()[2:-3]]


def core_lines(body: Body) -> list[str]:
    """The lines of a core on (0, 2) that `body` builds; what it returns is not looked at."""

    def whole() -> None:
        core(tile(0, 2))(body)

    return device_lines(whole)[2:-2]


def sequence_lines(*types: Any, body: Body, before: Body | None = None) -> list[str]:
    """The lines of a sequence; `before` builds the rest of the device, and `body` receives it."""
    lines: list[str] = []

    def whole() -> None:
        built = before() if before is not None else None
        given = [] if built is None else [built]
        runtime_sequence(*types)(lambda *tensors: body(*given, *tensors))

    lines = device_lines(whole)
    start = next(i for i, line in enumerate(lines) if line.startswith("aie.runtime_sequence"))
    return [line.removeprefix("  ") for line in lines[start + 1 : -1]]


def in_device(body: Body) -> None:
    """Build a device with `body`."""
    device_lines(body)


def in_core(body: Body) -> None:
    """Build a core on (0, 2) with `body`."""
    core_lines(body)


def in_mem(body: Body) -> None:
    """Build the DMA program of (0, 2) with `body`."""
    in_device(lambda: mem(tile(0, 2))(body))


def in_memory_tile(body: Body) -> None:
    """Build the DMA program of (0, 1) with `body`."""
    in_device(lambda: memtile_dma(tile(0, 1))(body))


def in_sequence(body: Body, *types: Any) -> None:
    """Build a sequence with `body`."""
    sequence_lines(*types, body=body)


@contextmanager
def refused(
    file: str, what: str, *, because: str | None = None, fix: str | None = None
) -> Iterator[None]:
    """What is inside is refused with exactly this message, at the line of `file` with `# !`."""
    with pytest.raises(DesignError) as refusal:
        yield
    error = refusal.value
    assert (error.what, error.because, error.fix) == (what, because, fix)
    assert isinstance(error.at, SourceLine)
    assert error.at.file == file
    assert Path(file).read_text().splitlines()[error.at.line - 1].endswith("# !"), str(error)
