"""Runs an executable on arrays, after checking that they are what the program takes."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ironbird import simulator
from ironbird.base.errors import UsageError
from ironbird.base.npu1 import CLOCK_HERTZ
from ironbird.iron.tensor import NpuTensor
from ironbird.plan import HostArgument
from ironbird.session.compile import Executable
from ironbird.session.result import Array, RunResult
from ironbird.session.stages import joined_kernels, joined_timelines
from ironbird.session.trace_tensors import place_traces, trace_tensors, without_tails
from ironbird.simulator import SimulationOptions, SimulationResult

BACKENDS = ("native", "interpreter")


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How to run.

    backend:    `native`, or `interpreter`: the slow definition it is compared with. Under
                it a kernel that crashes ends the process: nothing stands around its calls.
    clock:      the product whose clock turns cycles into microseconds.
    simulation: the simulator's own options; its numerics are the executable's.
    """

    backend: str = "native"
    clock: str = "7940HS"
    simulation: SimulationOptions = field(default_factory=SimulationOptions)

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise UsageError(f"backend is {self.backend!r}", because=f"it is {_one_of(BACKENDS)}")
        if self.clock not in CLOCK_HERTZ:
            raise UsageError(f"clock is {self.clock!r}", because=f"it is {_one_of(CLOCK_HERTZ)}")


DEFAULT = RunOptions()


def run(executable: Executable, *arrays: Any, options: RunOptions = DEFAULT) -> RunResult:
    """Run once. Arrays that the program writes are changed in place, and are the result's outputs.

    Raises UsageError if the arrays are not what the program takes. Defects of the program are the
    result's findings, not an exception.
    """
    plan = executable.plan
    arguments = executable.arguments
    if not executable.following and len(arrays) == len(plan.sequence.arguments):
        arguments = plan.sequence.arguments
    cut, tails = without_tails(plan, arrays)
    checked = check_arrays(arguments, cut)
    simulation = replace(options.simulation, numerics=executable.numerics)
    began = time.perf_counter()
    results = []
    for stage in executable.stages:
        tensors = [*checked, *trace_tensors(stage.plan, len(checked))]
        results.append(_simulated(stage, tensors, options.backend, simulation))
        place_traces(results[-1].traces, checked, tails)
        if results[-1].findings:
            break
    wall_seconds = time.perf_counter() - began
    cycles = sum(result.cycles for result in results)
    return RunResult(
        outputs=tuple(
            array for array, argument in zip(checked, arguments, strict=True) if argument.written
        ),
        where=f"simulator ({options.backend}, {executable.compiler}, {executable.numerics})",
        cycles=cycles,
        modelled_us=cycles / CLOCK_HERTZ[options.clock] * 1e6,
        clock=options.clock,
        wall_seconds=wall_seconds,
        cached=all(stage.built.cached for stage in executable.stages),
        findings=tuple(finding for result in results for finding in result.findings),
        notes=(*executable.notes, *(note for result in results for note in result.notes)),
        kernels=joined_kernels([result.kernels for result in results]),
        trace=joined_timelines(results),
        traces=tuple(trace for result in results for trace in result.traces),
    )


def _simulated(
    stage: Executable, tensors: list[Array], backend: str, options: SimulationOptions
) -> SimulationResult:
    if backend == "native":
        return stage.native.run(tensors, options)
    return simulator.interpret(stage.plan, stage.built.directory, tensors, options)


def check_arrays(arguments: Sequence[HostArgument], arrays: Sequence[Any]) -> list[Array]:
    """The arrays as numpy sees them, one an argument. Raises UsageError naming the odd one."""
    if len(arrays) != len(arguments):
        raise UsageError(
            f"the program was called with {len(arrays)} tensor{'s' * (len(arrays) != 1)}",
            because=f"it takes {len(arguments)}: {', '.join(map(_described, arguments)) or 'none'}",
        )
    return [
        _checked(number, argument, array)
        for number, (argument, array) in enumerate(zip(arguments, arrays, strict=True))
    ]


def _checked(number: int, argument: HostArgument, tensor: Any) -> Array:
    array = tensor.data if isinstance(tensor, NpuTensor) else tensor
    called = f"tensor {number}" + (f" ({argument.name})" if argument.name is not None else "")
    if not isinstance(array, np.ndarray):
        raise UsageError(
            f"{called} is a {type(array).__name__}",
            because=f"the program takes {_described(argument)} there",
            fix="pass a numpy array or an iron.tensor",
        )
    if array.dtype != argument.element.dtype:
        raise UsageError(
            f"{called} holds {array.dtype}",
            because=f"the program takes {_described(argument)} there",
            fix=f"convert it with .astype({argument.element.dtype})",
        )
    if not _shapes_agree(array.shape, argument.shape):
        raise UsageError(
            f"{called} has the shape {_shape(array.shape)}, {array.size} elements",
            because=f"the program takes {_described(argument)} there, "
            f"{math.prod(argument.shape)} elements",
        )
    if not array.flags.c_contiguous:
        raise UsageError(
            f"{called} is not contiguous in memory",
            because=f"its strides are {array.strides} bytes; the program takes rows without gaps",
            fix="pass np.ascontiguousarray of it",
        )
    if argument.written and not array.flags.writeable:
        raise UsageError(
            f"{called} is read-only", because="the program writes it", fix="pass a copy"
        )
    return array


def _shapes_agree(found: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """Equal but for axes of size 1; or one of them is flat, and as many elements."""
    narrow_found = [size for size in found if size != 1]
    narrow_expected = [size for size in expected if size != 1]
    if narrow_found == narrow_expected:
        return True
    flat = min(len(narrow_found), len(narrow_expected)) <= 1
    return flat and math.prod(found) == math.prod(expected)


def _described(argument: HostArgument) -> str:
    return f"{argument.element.dtype} {_shape(argument.shape)}"


def _shape(shape: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, shape))}]"


def _one_of(names: Sequence[str] | dict[str, float]) -> str:
    return " or ".join(names)
