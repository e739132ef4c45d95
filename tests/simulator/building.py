"""Builds plans for tests, each once for all runs that share a cache."""

import atexit
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from ironbird.base.kernel_source import KernelSource
from ironbird.plan import PhysicalPlan, Sequence
from ironbird.session.build import built_design, default_cache
from ironbird.session.cache import SHARED
from ironbird.simulator import (
    Executable,
    SimulationOptions,
    SimulationResult,
    interpret,
    load,
)
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.kept_objects import KeptObjects
from ironbird.simulator.kernel_build import start_kernel_build
from ironbird.simulator.kernel_library import (
    COUNTING,
    RUNNING,
    STACK_FILE,
    library_file,
    linked_objects,
)

KERNELS = KernelSource(object_file="kernels.o", path=Path(__file__).parent / "kernels.cc")


@cache
def kernel_libraries() -> Path:
    """The test kernels, linked once for this process."""
    directory = Path(tempfile.mkdtemp(prefix="ironbird-test-kernels-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    empty = PhysicalPlan(device="npu1", sequence=Sequence(name="empty", arguments=(), steps=()))
    with ThreadPoolExecutor(2) as compilers:
        kernels = start_kernel_build(
            [KERNELS],
            directory,
            find_compiler(),
            compilers,
            numerics="silicon",
            kept=KeptObjects(default_cache().root / SHARED),
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
    made = built_design(plan, [], find_compiler(), numerics="silicon", title="a plan of a test")
    shutil.copytree(made.directory, directory, dirs_exist_ok=True)
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
