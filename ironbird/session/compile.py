"""From a program or a module to something that runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from xdsl.dialects.builtin import ModuleOp

from ironbird import simulator
from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.iron.program import Program, ResolvedProgram, resolved_program_of
from ironbird.plan import PhysicalPlan
from ironbird.session.build import BuiltDesign, built_design, default_cache
from ironbird.session.kernel_search import find_kernel_sources
from ironbird.session.lowering import lower_to_plan
from ironbird.session.plan_cache import remembered_plan
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.options import Numerics

NUMERICS: tuple[Numerics, ...] = get_args(Numerics)


@dataclass(frozen=True)
class Executable:
    """A built program, ready to run as often as wanted.

    compiler: as results show it (`g++ 12.2.0`).
    notes:    what every result of it tells the reader.
    """

    plan: PhysicalPlan
    built: BuiltDesign
    native: simulator.Executable
    compiler: str
    numerics: Numerics
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of this build in the cache."""
        return self.built.recipe


def compile(
    program: Program | ResolvedProgram | ModuleOp | PhysicalPlan,
    *,
    kernel_sources: Sequence[KernelSource] = (),
    search: Sequence[Path | str] = (),
    flags: Sequence[str] = (),
    numerics: Numerics = "silicon",
    use_cache: bool = True,
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Executable:
    """Lower `program` unless it is a plan already, find its kernels, and build it to be simulated.

    kernel_sources: C++ for object files, before any that is searched for.
    search:         folders with kernel sources, before the program's own and `aie_kernels`.
    flags:          compile flags of the sources found there, such as `-DDIM=64`.
    numerics:       `silicon`, the chip's arithmetic; or `fast`.
    title:          what progress and the cache's listing call it.
    notes:          what every result is to tell the reader.
    Raises DesignError for what the device or the compiler refuses.
    """
    if numerics not in NUMERICS:
        raise UsageError(f"numerics is {numerics!r}", because=f"it is {' or '.join(NUMERICS)}")
    if isinstance(program, PhysicalPlan):
        plan = program
    else:
        resolved = _resolved(program)
        plan = (
            remembered_plan(resolved.module, default_cache(), title=title or "a module")
            if use_cache
            else lower_to_plan(resolved.module)
        )
        kernel_sources = (*kernel_sources, *resolved.kernel_sources)
        search = (*search, *resolved.search_directories)
    sources = find_kernel_sources(
        plan.kernels,
        given=kernel_sources,
        directories=(*map(Path, search), *_program_directories(plan)),
        flags=flags,
    )
    compiler = find_compiler()
    built = built_design(
        plan,
        sources,
        compiler,
        numerics=numerics,
        title=title if title is not None else plan.sequence.name,
        use_cache=use_cache,
    )
    return Executable(
        plan=plan,
        built=built,
        native=simulator.load(built.directory, plan),
        compiler=compiler.version,
        numerics=numerics,
        notes=(*notes, *built.notes),
    )


def _resolved(program: Program | ResolvedProgram | ModuleOp) -> ResolvedProgram:
    if isinstance(program, Program):
        return program.resolve()
    if isinstance(program, ModuleOp):
        return resolved_program_of(program)
    if isinstance(program, ResolvedProgram):
        return program
    if type(program).__module__.partition(".")[0] == "aie":
        raise UsageError(
            f"this {type(program).__name__} is mlir-aie's own, and only the chip can run it",
            because="the simulator takes programs of the embedded IRON",
            fix="IRONBIRD_IRON=embedded",
        )
    raise UsageError(
        f"a {type(program).__name__} cannot be compiled",
        fix="pass a Program, or the module that its resolve_program() returns",
    )


def _program_directories(plan: PhysicalPlan) -> list[Path]:
    """The folders of the files that declare kernels, in the order of the kernels."""
    files = [kernel.at.file for kernel in plan.kernels if kernel.at is not None]
    return [
        folder for folder in dict.fromkeys(Path(file).parent for file in files) if folder.is_dir()
    ]
