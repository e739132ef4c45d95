"""Builds plans for tests, with one compiled runtime for all of them."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ironbird.base.kernel_source import KernelSource
from ironbird.plan import PhysicalPlan
from ironbird.simulator import (
    Executable,
    SimulationOptions,
    SimulationResult,
    build,
    interpret,
    load,
)
from ironbird.simulator.compiler import find_compiler

KERNELS = KernelSource(object_file="kernels.o", path=Path(__file__).parent / "kernels.cc")


@cache
def runtime_store() -> Path:
    """Where the runtime's object lives for this process."""
    return Path(tempfile.mkdtemp(prefix="ironbird-test-runtime-"))


def built(plan: PhysicalPlan, directory: Path, sources: Sequence[KernelSource] = ()) -> Executable:
    """The plan, compiled into `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    build(
        plan,
        sources,
        directory,
        find_compiler(),
        numerics="silicon",
        runtime_store=runtime_store(),
    )
    return load(directory, plan)


def fresh_arguments(plan: PhysicalPlan, seed: int = 0) -> list[np.ndarray]:
    """Random inputs; outputs hold -1 in every byte."""
    random = np.random.default_rng(seed)
    arrays = []
    for argument in plan.sequence.arguments:
        array = np.full(argument.shape, -1, dtype=argument.element.dtype)
        if argument.read:
            array[...] = random.integers(1, 100, size=argument.shape).astype(array.dtype)
        arrays.append(array)
    return arrays


def interpreted(
    plan: PhysicalPlan, directory: Path | None = None, **options: object
) -> tuple[SimulationResult, list[np.ndarray]]:
    """A run of the interpreter, and its arguments afterwards."""
    arguments = fresh_arguments(plan)
    return interpret(plan, directory, arguments, SimulationOptions(**options)), arguments


def ran(executable: Executable, **options: object) -> tuple[SimulationResult, list[np.ndarray]]:
    """A native run, and its arguments afterwards."""
    arguments = fresh_arguments(executable.plan)
    return executable.run(arguments, SimulationOptions(**options)), arguments


def assert_agree(executable: Executable, directory: Path | None = None, **options: object) -> None:
    """Both simulators give the same outputs, cycles, events and findings."""
    native, native_arguments = ran(executable, **options)
    slow, slow_arguments = interpreted(executable.plan, directory, **options)
    for mine, other in zip(native_arguments, slow_arguments, strict=True):
        assert mine.tobytes() == other.tobytes()
    assert (native.cycles, native.events) == (slow.cycles, slow.events)
    assert [str(each) for each in native.findings] == [str(each) for each in slow.findings]
    assert native.kernels == slow.kernels
    assert native.finished == slow.finished
    assert native.trace == slow.trace
