"""Kernel sources as shared libraries, one for each set of object files that a core is linked with.

A core of the chip is linked with its own objects and no other, so two cores may each have a
function of one name. Sources are compiled three times: to run, to count issue slots, and to report
the stack frames that the author's own variables need. Refuses what does not compile or link.
"""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.plan.plan import Kernel, PhysicalPlan
from ironbird.simulator.compiler import Compiler, ObjectReport
from ironbird.simulator.kept_objects import KeptObjects
from ironbird.simulator.kernel_library import (
    COUNTING,
    RUNNING,
    STACK_FILE,
    LinkedObjects,
    defines,
    kernels_called,
    library_file,
    linked_objects,
    objects_of,
    undefined_kernel,
)
from ironbird.simulator.options import Numerics

HERE = Path(__file__).resolve().parent
INCLUDE_DIRECTORIES = (HERE / "include", HERE / "include" / "aie_api")
DEPENDENCIES_FILE = "dependencies.json"

# As include/ironbird/core.hpp asks.
_KERNEL_BASE = (
    *(
        "-march=native",
        "-std=c++20",
        "-fPIC",
        "-fno-strict-aliasing",
        "-ffp-contract=off",
        "-fwrapv",
    ),
    *("-Wno-attributes", "-Wno-unknown-pragmas", "-D__AIENGINE__"),
    *("-include", "aie_api/aie.hpp"),
)
_GNU_ONLY = ("-fno-gnu-unique",)


@dataclass(frozen=True)
class KernelVariant:
    """One way in which kernels are compiled."""

    name: str
    flags: tuple[str, ...]


def kernel_variants(numerics: Numerics) -> tuple[KernelVariant, KernelVariant, KernelVariant]:
    """To run, to count slots, and to report stack frames."""
    rounding = ("-DIRONBIRD_NUMERICS_FAST=1",) if numerics == "fast" else ()
    return (
        KernelVariant(RUNNING, ("-O3", *_KERNEL_BASE, *rounding)),
        KernelVariant(COUNTING, ("-O1", *_KERNEL_BASE, *rounding, "-DIRONBIRD_COUNT=1")),
        KernelVariant("frame", ("-O2", *_KERNEL_BASE, *rounding, "-DIRONBIRD_FRAME=1")),
    )


@dataclass(frozen=True)
class KernelBuild:
    """The compilations of `sources` into `directory`, under way until `finish`.

    reports: by variant and object number. numbers: the object of each source; sources that differ
    in nothing but the name of their object file share one.
    """

    sources: tuple[KernelSource, ...]
    numbers: tuple[int, ...]
    directory: Path
    compiler: Compiler
    variants: tuple[KernelVariant, ...]
    reports: dict[tuple[str, int], Future[ObjectReport]]

    def finish(self, plan: PhysicalPlan) -> None:
        """Link what the cores of `plan` call, and write what the compiler said."""
        finished = {key: report.result() for key, report in self.reports.items()}
        numbered = list(zip(self.sources, self.numbers, strict=True))
        dependencies = {
            source.object_file: [str(path) for path in finished[RUNNING, number].dependencies]
            for source, number in numbered
        }
        _write_json(self.directory / DEPENDENCIES_FILE, dependencies)
        frames = {
            source.object_file: {
                frame.function: frame.deepest_bytes
                for frame in finished["frame", number].stack_frames
            }
            for source, number in numbered
        }
        _write_json(self.directory / STACK_FILE, frames)
        if not self.sources:
            return
        for objects in dict.fromkeys(linked_objects(plan)):
            self.link(objects)
            self._check(plan, objects)

    def link(self, objects: LinkedObjects) -> None:
        """Make the libraries of the cores that are linked with `objects`."""
        chosen = [
            (source.object_file, number)
            for source, number in zip(self.sources, self.numbers, strict=True)
            if objects is None or source.object_file in objects
        ]
        names = {
            str(_object_path(self.directory, number, variant)): name
            for variant in self.variants
            for name, number in chosen
        }
        for variant in (RUNNING, COUNTING):
            paths = [self.directory / f"kernel{number}_{variant}.o" for _, number in chosen]
            self.compiler.link_shared(
                paths, self.directory / library_file(objects, variant), shown_as=names
            )

    def _check(self, plan: PhysicalPlan, objects: LinkedObjects) -> None:
        """Raise DesignError if a kernel is not in the libraries of a core that calls it."""
        cores = [core for core in plan.cores if objects_of(plan, core) == objects]
        called: set[int] = set()
        for core in cores:
            called |= kernels_called(plan, core.program)
        library = self.directory / library_file(objects, RUNNING)
        kernels = [plan.kernels[number] for number in sorted(called)]
        present = defines(library, [kernel.symbol for kernel in kernels])
        for kernel in kernels:
            if kernel.symbol not in present:
                raise self._undefined(kernel)

    def _undefined(self, kernel: Kernel) -> DesignError:
        looked_in = [
            described(source)
            for source in self.sources
            if kernel.object_file is None or source.object_file == kernel.object_file
        ]
        return undefined_kernel(kernel, looked_in)


def start_kernel_build(
    kernel_sources: Sequence[KernelSource],
    directory: Path,
    compiler: Compiler,
    compilers: Executor,
    *,
    numerics: Numerics,
    kept: KeptObjects | None = None,
) -> KernelBuild:
    """Compile every source in every variant, in `compilers`, or take its object from `kept`."""
    distinct: dict[KernelSource, int] = {}
    numbers = [
        distinct.setdefault(replace(source, object_file=""), len(distinct))
        for source in kernel_sources
    ]
    variants = kernel_variants(numerics)
    first = _first_of_each(kernel_sources, numbers)
    reports = {
        (variant.name, number): compilers.submit(
            _compile_kernel, compiler, source, number, directory, variant, kept
        )
        for variant in variants
        for number, source in enumerate(first)
    }
    return KernelBuild(
        tuple(kernel_sources), tuple(numbers), directory, compiler, variants, reports
    )


def described(source: KernelSource) -> str:
    """A source as its author knows it: the path, or where the text is written."""
    if source.path is not None:
        return str(source.path)
    return f"the source_string at {source.at}" if source.at is not None else source.object_file


def _first_of_each(
    sources: Iterable[KernelSource], numbers: Iterable[int]
) -> tuple[KernelSource, ...]:
    first: dict[int, KernelSource] = {}
    for source, number in zip(sources, numbers, strict=True):
        first.setdefault(number, source)
    return tuple(first.values())


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True))


def _object_path(directory: Path, number: int, variant: KernelVariant) -> Path:
    return directory / f"kernel{number}_{variant.name}.o"


def _compile_kernel(
    compiler: Compiler,
    source: KernelSource,
    number: int,
    directory: Path,
    variant: KernelVariant,
    kept: KeptObjects | None,
) -> ObjectReport:
    path = source.path
    if path is None:
        assert source.text is not None
        path = directory / f"kernel{number}.cc"
        path.write_text(source.text)
    # An object file may be named `scale.o` for a source that has another suffix, or none.
    language = () if path.suffix in (".cc", ".cpp") else ("-x", "c++")
    gnu = _GNU_ONLY if compiler.version.startswith("g++") else ()
    object_path = _object_path(directory, number, variant)
    flags = (*variant.flags, *gnu, *source.flags, *language)
    include_directories = (*INCLUDE_DIRECTORIES, *source.include_directories)
    if source.path is not None and kept is not None:
        return kept.compile_object(
            compiler, path, object_path, flags, include_directories, at=source.at
        )
    return compiler.compile_object(
        path,
        object_path,
        flags,
        include_directories,
        shown_as={} if source.text is None else {str(path): described(source)},
        at=source.at,
        line_of=source.author_line_of,
    )
