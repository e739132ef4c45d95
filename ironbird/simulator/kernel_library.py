"""The kernels of a design as loaded code: one copy for each core, and the counting build.

Statics of a kernel are memory of its core, so every core loads a file of its own (`dlopen` tells
files apart by inode). A core's library holds the objects that the core is linked with; cores with
other objects have another library, and a counting build of their own.
"""

import ctypes
import functools
import hashlib
import itertools
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ironbird.base.errors import DesignError
from ironbird.plan.core_program import CoreProgram, Function
from ironbird.plan.plan import Core, Kernel, PhysicalPlan

STACK_FILE = "stack_usage.json"
RUNNING, COUNTING = "run", "count"

# The object files a core is linked with, sorted; None: all there are, because the core calls a
# kernel that names none.
LinkedObjects = tuple[str, ...] | None


@dataclass(frozen=True)
class LoadedLibrary:
    """Addresses in one copy.

    functions: by kernel of the plan; 0 where the copy needs none.
    others:    libraries that `binder` binds too, and where some functions lie.
    """

    library: ctypes.CDLL | None
    functions: tuple[int, ...]
    binder: int
    clearer: int
    others: tuple[ctypes.CDLL | None, ...] = ()


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
    linked = linked_objects(plan)
    cores = tuple(
        _load_copy(directory / library_file(objects_of(plan, core), RUNNING), plan, kernels)
        if kernels
        else _nothing(plan)
        for core, kernels in zip(plan.cores, called, strict=True)
    )
    counting = [
        _load_copy(
            directory / library_file(objects, COUNTING),
            plan,
            frozenset().union(
                *(
                    kernels
                    for core, kernels in zip(plan.cores, called, strict=True)
                    if kernels and objects_of(plan, core) == objects
                )
            ),
        )
        for objects in linked
    ]
    return KernelLibrary(cores, _bound_together(counting))


def linked_objects(plan: PhysicalPlan) -> tuple[LinkedObjects, ...]:
    """The different sets of object files that the cores which call kernels are linked with."""
    return tuple(
        dict.fromkeys(
            objects_of(plan, core) for core in plan.cores if kernels_called(plan, core.program)
        )
    )


def objects_of(plan: PhysicalPlan, core: Core) -> LinkedObjects:
    """The object files of the kernels that `core` calls."""
    names = {plan.kernels[number].object_file for number in kernels_called(plan, core.program)}
    return None if None in names else tuple(sorted(name for name in names if name is not None))


def library_file(objects: LinkedObjects, variant: str) -> str:
    """The name of the library of `objects`."""
    named = "all" if objects is None else hashlib.sha256("\0".join(objects).encode()).hexdigest()
    return f"kernels_{named[:16]}_{variant}.so"


def load_frames(directory: Path, plan: PhysicalPlan) -> dict[int, int]:
    """Bytes of stack frame by kernel of `plan`, as far as the compiler reported them."""
    by_object: Mapping[str, Mapping[str, int]] = json.loads((directory / STACK_FILE).read_text())
    frames: dict[int, int] = {}
    for number, kernel in enumerate(plan.kernels):
        own = kernel.object_file
        objects = by_object.values() if own is None else [by_object.get(own, {})]
        found = [functions[kernel.symbol] for functions in objects if kernel.symbol in functions]
        if found:
            frames[number] = max(found)
    return frames


def defines(path: Path, symbols: Sequence[str]) -> frozenset[str]:
    """Those of `symbols` that the library at `path` exports."""
    library = _private_copy(path)
    return frozenset(symbol for symbol in symbols if _address(library, symbol))


def undefined_kernel(kernel: Kernel, looked_in: Sequence[str] = ()) -> DesignError:
    """The refusal of a kernel that none of the sources `looked_in` defines."""
    places = f"looked in {', '.join(looked_in)}; " if looked_in else "the design calls it, and "
    return DesignError(
        f"no kernel source defines {kernel.symbol!r}",
        at=kernel.at,
        because=f'{places}C++ exports a plain name only for extern "C"',
        fix='define it as extern "C", with the name the design declares',
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


def _bound_together(libraries: Sequence[LoadedLibrary]) -> LoadedLibrary:
    """One library for the kernels of all: binding the first binds the others to the same core."""
    first = libraries[0]
    functions = list(first.functions)
    for previous, library in itertools.pairwise(libraries):
        assert previous.library is not None
        previous.library.ironbird_bind_also(ctypes.c_void_p(library.binder))
        for number, address in enumerate(library.functions):
            functions[number] = functions[number] or address
    kept_loaded = tuple(library.library for library in libraries)
    return replace(first, functions=tuple(functions), others=kept_loaded[1:])


def _load_copy(path: Path, plan: PhysicalPlan, kernels: frozenset[int]) -> LoadedLibrary:
    library = _private_copy(path)
    address = functools.partial(_address, library)
    functions = []
    for number, kernel in enumerate(plan.kernels):
        found = address(kernel.symbol) if number in kernels else 0
        if number in kernels and not found:
            raise undefined_kernel(kernel)
        functions.append(found)
    return LoadedLibrary(
        library, tuple(functions), address("ironbird_bind_core"), address("ironbird_clear_counts")
    )


def _private_copy(path: Path) -> ctypes.CDLL:
    with tempfile.TemporaryDirectory(prefix="ironbird-kernels-") as scratch:
        copy = Path(scratch) / path.name
        shutil.copyfile(path, copy)
        return ctypes.CDLL(str(copy))


def _address(library: ctypes.CDLL, symbol: str) -> int:
    """Where a function lies, or 0 if the library has none of that name."""
    try:
        function = getattr(library, symbol)
    except AttributeError:
        return 0
    return ctypes.cast(function, ctypes.c_void_p).value or 0
