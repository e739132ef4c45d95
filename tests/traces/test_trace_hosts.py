"""A host program of a compiled design: the trace goes to the file that its TraceConfig names."""

from pathlib import Path

import aie.iron as iron
import numpy as np
import pytest
from aie.iron import In, Out
from aie.utils import DefaultNPURuntime, NPUKernel
from aie.utils.test import create_npu_kernel, parse_args
from aie.utils.trace import TraceConfig
from traces.traced_programs import OBJECT, OBJECTS, program

from ironbird.base.errors import UsageError


@iron.jit
def traced(x: In, y: Out):
    return program(trace_size=4096).resolve_program()


@iron.jit
def untraced(x: In, y: Out):
    made = program()
    made.trace_request = None
    return made.resolve_program()


def tensors() -> list:
    return [
        iron.arange(OBJECT * OBJECTS, dtype=np.int32),
        iron.zeros(OBJECT * OBJECTS, dtype=np.int32),
    ]


def test_a_kernel_from_a_file_writes_its_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    xclbin, instructions = traced.compile(xclbin_path=tmp_path / "final.xclbin")
    config = TraceConfig(4096, trace_file="kernel.txt")
    x, y = tensors()
    result = NPUKernel(xclbin, instructions, trace_config=config)(x, y)
    assert result.has_trace()
    np.testing.assert_array_equal(y.numpy(), x.numpy() + 1)
    words = config.read_trace()
    assert (words.size, words.any()) == (1024, True)
    options = ["-x", str(xclbin), "-i", str(instructions), "-t", "4096", "--trace_file", "t.txt"]
    kernel = create_npu_kernel(parse_args(options))
    assert DefaultNPURuntime.run_test(kernel, tensors(), {1: x.numpy() + 1}) == 0
    assert Path("t.txt").read_text() == Path("kernel.txt").read_text()


def test_room_that_the_host_made_itself(tmp_path: Path) -> None:
    config = TraceConfig(4096, trace_file=str(tmp_path / "trace.txt"))
    args = DefaultNPURuntime.prepare_args_for_trace(tensors(), config)
    result = traced(*args[:2])
    trace, answers = DefaultNPURuntime.extract_trace_from_args(args, config)
    assert (len(args), answers) == (2, None)
    DefaultNPURuntime.process_trace(result.trace_buffer, None, config)
    assert config.read_trace().size == trace.numel()


def test_a_jit_that_asks_for_a_trace_and_traces_nothing(tmp_path: Path) -> None:
    config = TraceConfig(4096, trace_file=str(tmp_path / "trace.txt"))
    design = iron.jit(untraced.compilable.generator, trace_config=config)
    with pytest.raises(UsageError) as caught:
        design(*tensors())
    at, _, rest = str(caught.value).partition(": ")
    assert at.startswith("tests/traces/test_trace_hosts.py:")
    assert rest == (
        "a trace was asked for, and the design configures no trace unit\n"
        f"  because: trace_config names {config.trace_file}, and nothing was recorded\n"
        "  try: Program.enable_trace(trace_size)"
    )
