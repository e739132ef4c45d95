"""Builds plans for tests, with one compiled runtime for all of them."""

import atexit
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from ironbird.base.kernel_source import KernelSource
from ironbird.plan import PhysicalPlan, Sequence
from ironbird.simulator import (
    Executable,
    SimulationOptions,
    SimulationResult,
    build,
    interpret,
    load,
)
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.kernel_build import start_kernel_build
from ironbird.simulator.kernel_library import (
    COUNTING,
    RUNNING,
    STACK_FILE,
    library_file,
    linked_objects,
)

KERNELS = KernelSource(object_file="kernels.o", path=Path(__file__).parent / "kernels.cc")


_STORE = "IRONBIRD_TEST_RUNTIME"


@cache
def runtime_store() -> Path:
    """Where the runtime's object lives for this process and those it starts."""
    if _STORE not in os.environ:
        os.environ[_STORE] = tempfile.mkdtemp(prefix="ironbird-test-runtime-")
        atexit.register(shutil.rmtree, os.environ[_STORE], ignore_errors=True)
    return Path(os.environ[_STORE])


@cache
def kernel_libraries() -> Path:
    """The test kernels, compiled once for this process and those it starts."""
    directory = runtime_store() / "kernels"
    if not (directory / STACK_FILE).exists():
        directory.mkdir()
        empty = PhysicalPlan(device="npu1", sequence=Sequence(name="empty", arguments=(), steps=()))
        with ThreadPoolExecutor(2) as compilers:
            kernels = start_kernel_build(
                [KERNELS], directory, find_compiler(), compilers, numerics="silicon"
            )
            kernels.finish(empty)
        kernels.link(None)
    return directory


def built_with_kernels(plan: PhysicalPlan, directory: Path) -> Executable:
    """A plan that calls the test kernels, compiled into `directory`."""
    built(plan, directory)
    shutil.copyfile(kernel_libraries() / STACK_FILE, directory / STACK_FILE)
    for variant in (RUNNING, COUNTING):
        for objects in linked_objects(plan):
            shutil.copyfile(
                kernel_libraries() / library_file(None, variant),
                directory / library_file(objects, variant),
            )
    return load(directory, plan)


def built(plan: PhysicalPlan, directory: Path) -> Executable | None:
    """The plan, compiled into `directory`, and loaded unless it still lacks its kernels."""
    directory.mkdir(parents=True, exist_ok=True)
    build(
        plan,
        [],
        directory,
        find_compiler(),
        numerics="silicon",
        shared_store=runtime_store(),
    )
    return None if plan.kernels else load(directory, plan)


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
