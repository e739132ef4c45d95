"""A plan and its kernel sources as a folder of shared libraries that `load` can run.

The kernels are compiled three times: to run, to count issue slots, and to report the stack frames
that the author's own variables need. Refuses what does not compile, with the compiler's lines.
"""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ironbird.base.kernel_source import KernelSource
from ironbird.plan.plan import PhysicalPlan
from ironbird.simulator.compiler import Compiler, ObjectReport
from ironbird.simulator.emit import emit_cpp
from ironbird.simulator.emit.constants import timing_constants
from ironbird.simulator.kernel_library import COUNTING_FILE, KERNELS_FILE
from ironbird.simulator.native import DESIGN_FILE, STACK_FILE
from ironbird.simulator.options import Numerics

HERE = Path(__file__).resolve().parent
INCLUDE_DIRECTORIES = (HERE / "include", HERE / "include" / "aie_api")
DEPENDENCIES_FILE = "dependencies.json"

# Core programs compute as written: no contraction into fused multiply-adds; integers wrap.
# Fibres jump between stacks, which the fortified longjmp of some distributions takes for a defect.
DESIGN_FLAGS = (
    *("-O2", "-march=native", "-std=c++20", "-fPIC", "-fvisibility=hidden"),
    *("-fno-strict-aliasing", "-fwrapv", "-ffp-contract=off", "-U_FORTIFY_SOURCE"),
)
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
_COMPILERS_AT_ONCE = 2


@dataclass(frozen=True)
class KernelVariant:
    """One way in which kernels are compiled."""

    name: str
    flags: tuple[str, ...]


def kernel_variants(numerics: Numerics) -> tuple[KernelVariant, KernelVariant, KernelVariant]:
    """To run, to count slots, and to report stack frames."""
    rounding = ("-DIRONBIRD_NUMERICS_FAST=1",) if numerics == "fast" else ()
    return (
        KernelVariant("run", ("-O3", *_KERNEL_BASE, *rounding)),
        KernelVariant("count", ("-O1", *_KERNEL_BASE, *rounding, "-DIRONBIRD_COUNT=1")),
        KernelVariant("frame", ("-O2", *_KERNEL_BASE, *rounding, "-DIRONBIRD_FRAME=1")),
    )


def build(
    plan: PhysicalPlan,
    kernel_sources: Sequence[KernelSource],
    directory: Path,
    compiler: Compiler,
    *,
    numerics: Numerics,
    runtime_store: Path | None = None,
) -> None:
    """Write the libraries, `stack_usage.json` and `dependencies.json` into `directory`.

    runtime_store:     where the object of the runtime, the same for every design, is kept.
    stack_usage.json:  bytes of stack frame by function of the kernel sources.
    dependencies.json: for each source by object file, every file its compilation read.
    Raises DesignError if a source does not compile or a kernel is missing from all of them.
    """
    design = directory / "design.cpp"
    design.write_text(emit_cpp(plan))
    variants = kernel_variants(numerics)
    with ThreadPoolExecutor(_COMPILERS_AT_ONCE) as compilers:
        runtime = compilers.submit(runtime_object, compiler, runtime_store or directory)
        design_report = compilers.submit(
            compiler.compile_object, design, directory / "design.o", DESIGN_FLAGS, [HERE]
        )
        reports: dict[tuple[str, int], Future[ObjectReport]] = {
            (variant.name, number): compilers.submit(
                _compile_kernel, compiler, source, number, directory, variant
            )
            for variant in variants
            for number, source in enumerate(kernel_sources)
        }
        design_report.result()
        runtime_path = runtime.result()
        finished = {key: report.result() for key, report in reports.items()}
    compiler.link_shared([directory / "design.o", runtime_path], directory / DESIGN_FILE)
    if kernel_sources:
        for variant, library in zip(variants, (KERNELS_FILE, COUNTING_FILE), strict=False):
            objects = [_object_path(directory, n, variant) for n in range(len(kernel_sources))]
            compiler.link_shared(objects, directory / library)
    frames = {
        frame.function: frame.bytes
        for number in range(len(kernel_sources))
        for frame in finished["frame", number].stack_frames
    }
    (directory / STACK_FILE).write_text(json.dumps(frames, indent=1, sort_keys=True))
    dependencies = {
        source.object_file: [str(path) for path in finished["run", number].dependencies]
        for number, source in enumerate(kernel_sources)
    }
    (directory / DEPENDENCIES_FILE).write_text(json.dumps(dependencies, indent=1, sort_keys=True))


def runtime_object(compiler: Compiler, store: Path) -> Path:
    """The compiled runtime in `store`, named by all that made it; compiled if it is not there."""
    constants = timing_constants()
    digest = hashlib.sha256()
    parts = [compiler.identity, *DESIGN_FLAGS, constants]
    parts += [path.read_text() for path in sorted((HERE / "runtime").iterdir()) if path.is_file()]
    parts += [(HERE / "include" / "ironbird" / "core.hpp").read_text()]
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part.encode())
    kept = store / f"runtime-{digest.hexdigest()[:32]}.o"
    seal = kept.with_suffix(".sha256")
    if kept.exists() and seal.exists() and seal.read_text() == _checksum(kept):
        return kept
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=store) as scratch:
        private = Path(scratch)
        (private / "timing_constants.hpp").write_text(constants)
        compiled = private / "runtime.o"
        source = HERE / "runtime" / "runtime.cpp"
        compiler.compile_object(source, compiled, DESIGN_FLAGS, [private, HERE])
        (private / "seal").write_text(_checksum(compiled))
        compiled.replace(kept)
        (private / "seal").replace(seal)
    return kept


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _object_path(directory: Path, number: int, variant: KernelVariant) -> Path:
    return directory / f"kernel{number}_{variant.name}.o"


def _compile_kernel(
    compiler: Compiler,
    source: KernelSource,
    number: int,
    directory: Path,
    variant: KernelVariant,
) -> ObjectReport:
    path = source.path
    shown_as: dict[str, str] = {}
    if path is None:
        assert source.text is not None
        path = directory / f"kernel{number}.cc"
        path.write_text(source.text)
        shown_as[str(path)] = source.object_file
    # An object file may be named `scale.o` for a source that has another suffix, or none.
    language = () if path.suffix in (".cc", ".cpp") else ("-x", "c++")
    gnu = _GNU_ONLY if compiler.version.startswith("g++") else ()
    return compiler.compile_object(
        path,
        _object_path(directory, number, variant),
        (*variant.flags, *gnu, *source.flags, *language),
        (*INCLUDE_DIRECTORIES, *source.include_directories),
        shown_as=shown_as,
        at=source.at,
    )
