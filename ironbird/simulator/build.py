"""A plan and its kernel sources as a folder of shared libraries that `load` can run.

Refuses what does not compile, with the compiler's lines.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ironbird.base.kernel_source import KernelSource
from ironbird.plan.plan import PhysicalPlan
from ironbird.simulator.compiler import Compiler
from ironbird.simulator.emit import emit_cpp
from ironbird.simulator.emit.constants import timing_constants
from ironbird.simulator.kept_objects import KeptObjects
from ironbird.simulator.kernel_build import HERE, start_kernel_build
from ironbird.simulator.native import DESIGN_FILE
from ironbird.simulator.options import Numerics

# Core programs compute as written: no contraction into fused multiply-adds; integers wrap.
# Fibres jump between stacks, which the fortified longjmp of some distributions takes for a defect.
DESIGN_FLAGS = (
    *("-O2", "-march=native", "-std=c++20", "-fPIC", "-fvisibility=hidden"),
    *("-fno-strict-aliasing", "-fwrapv", "-ffp-contract=off", "-U_FORTIFY_SOURCE"),
)
_COMPILERS_AT_ONCE = 2


def build(
    plan: PhysicalPlan,
    kernel_sources: Sequence[KernelSource],
    directory: Path,
    compiler: Compiler,
    *,
    numerics: Numerics,
    shared_store: Path | None = None,
) -> None:
    """Write the libraries, `stack_usage.json` and `dependencies.json` into `directory`.

    shared_store:      where objects that designs share are kept: the runtime's and kernels'.
    stack_usage.json:  for each object file, bytes of stack frame by function.
    dependencies.json: for each source by object file, every file its compilation read.
    Raises DesignError if a source does not compile or a kernel is missing from its own.
    """
    design = directory / "design.cpp"
    design.write_text(emit_cpp(plan))
    with ThreadPoolExecutor(_COMPILERS_AT_ONCE) as compilers:
        runtime = compilers.submit(runtime_object, compiler, shared_store or directory)
        design_report = compilers.submit(
            compiler.compile_object, design, directory / "design.o", DESIGN_FLAGS, [HERE]
        )
        kernels = start_kernel_build(
            kernel_sources,
            directory,
            compiler,
            compilers,
            numerics=numerics,
            kept=KeptObjects(shared_store) if shared_store is not None else None,
        )
        design_report.result()
        runtime_path = runtime.result()
        kernels.finish(plan)
    compiler.link_shared([directory / "design.o", runtime_path], directory / DESIGN_FILE)


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
