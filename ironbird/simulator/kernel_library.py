"""The kernels of a design as loaded code: one copy for each core, and the counting build.

Statics of a kernel are memory of its core, so every core loads a file of its own (`dlopen` tells
files apart by inode).
"""

import ctypes
import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ironbird.base.errors import DesignError
from ironbird.plan.core_program import CoreProgram, Function
from ironbird.plan.plan import PhysicalPlan

KERNELS_FILE = "kernels.so"
COUNTING_FILE = "kernels_counting.so"


@dataclass(frozen=True)
class LoadedLibrary:
    """Addresses in one copy. functions: by kernel of the plan; 0 where the copy needs none."""

    library: ctypes.CDLL | None
    functions: tuple[int, ...]
    binder: int
    clearer: int


NO_LIBRARY = LoadedLibrary(None, (), 0, 0)


@dataclass(frozen=True)
class KernelLibrary:
    """cores: one copy for each core of the plan; counting: the build whose calls are trials."""

    cores: tuple[LoadedLibrary, ...]
    counting: LoadedLibrary


def load_kernels(directory: Path | None, plan: PhysicalPlan) -> KernelLibrary:
    """Load what the cores of `plan` call from `directory`.

    Raises DesignError if a kernel is called that no library defines.
    """
    called = [kernels_called(plan, core.program) for core in plan.cores]
    every = frozenset().union(*called)
    if not every:
        return KernelLibrary(tuple(_nothing(plan) for _ in plan.cores), _nothing(plan))
    if directory is None:
        symbol = plan.kernels[min(every)].symbol
        raise DesignError(
            f"kernel {symbol!r} is called but no kernel library is given",
            at=plan.kernels[min(every)].at,
        )
    return KernelLibrary(
        tuple(_load_copy(directory / KERNELS_FILE, plan, kernels) for kernels in called),
        _load_copy(directory / COUNTING_FILE, plan, every),
    )


def kernels_called(plan: PhysicalPlan, program: CoreProgram | Function) -> frozenset[int]:
    """The kernels that a program calls, by itself or through functions."""
    kernels: set[int] = set()
    for operation in program.body.walk():
        if operation.name == "kernel.call":
            kernels.add(int(operation.attribute("kernel")))  # type: ignore[arg-type]
        if operation.name == "function.call":
            called = int(operation.attribute("function"))  # type: ignore[arg-type]
            kernels |= kernels_called(plan, plan.functions[called])
    return frozenset(kernels)


def _nothing(plan: PhysicalPlan) -> LoadedLibrary:
    return LoadedLibrary(None, (0,) * len(plan.kernels), 0, 0)


def _load_copy(path: Path, plan: PhysicalPlan, kernels: frozenset[int]) -> LoadedLibrary:
    if not kernels:
        return _nothing(plan)
    with tempfile.TemporaryDirectory(prefix="ironbird-kernels-") as scratch:
        copy = Path(scratch) / path.name
        shutil.copyfile(path, copy)
        library = ctypes.CDLL(str(copy))
    address = functools.partial(_address, library)
    functions = []
    for number, kernel in enumerate(plan.kernels):
        found = address(kernel.symbol) if number in kernels else 0
        if number in kernels and not found:
            raise DesignError(
                f"no kernel source defines {kernel.symbol!r}",
                at=kernel.at,
                because='the design calls it, and C++ exports a plain name only for extern "C"',
                fix='define it as extern "C", with the name the design declares',
            )
        functions.append(found)
    return LoadedLibrary(
        library, tuple(functions), address("ironbird_bind_core"), address("ironbird_clear_counts")
    )


def _address(library: ctypes.CDLL, symbol: str) -> int:
    """Where a function lies, or 0 if the library has none of that name."""
    try:
        function = getattr(library, symbol)
    except AttributeError:
        return 0
    return ctypes.cast(function, ctypes.c_void_p).value or 0
