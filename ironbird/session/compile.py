"""From a program or a module to something that runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from xdsl.dialects.builtin import ModuleOp

from ironbird import simulator
from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.iron.program import Program
from ironbird.iron.resolved_program import ResolvedProgram, resolved_program_of
from ironbird.plan import HostArgument, PhysicalPlan
from ironbird.session.build import BuiltDesign, built_design, default_cache
from ironbird.session.kernel_search import find_kernel_sources
from ironbird.session.lowering import lower_to_plans
from ironbird.session.plan_cache import remembered_plans
from ironbird.session.stages import NOTE, joined_arguments
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.options import Numerics

NUMERICS: tuple[Numerics, ...] = get_args(Numerics)


@dataclass(frozen=True)
class Executable:
    """A built program, ready to run as often as wanted.

    compiler:  as results show it (`g++ 12.2.0`).
    notes:     what every result of it tells the reader.
    following: the configurations that are loaded after this one, on the same tensors.
    """

    plan: PhysicalPlan
    built: BuiltDesign
    native: simulator.Executable
    compiler: str
    numerics: Numerics
    notes: tuple[str, ...] = ()
    following: tuple["Executable", ...] = ()

    @property
    def stages(self) -> tuple["Executable", ...]:
        """This configuration and those that follow."""
        return (self, *self.following)

    @property
    def arguments(self) -> tuple[HostArgument, ...]:
        """The tensors that the host gives, without buffers for traces."""
        return joined_arguments([stage.plan for stage in self.stages])

    @property
    def key(self) -> str:
        """The name of this build in the cache."""
        return self.built.recipe


def compile(
    program: Program | ResolvedProgram | ModuleOp | PhysicalPlan | tuple[PhysicalPlan, ...],
    *,
    sequence: str | None = None,
    entry: str | None = None,
    kernel_sources: Sequence[KernelSource] = (),
    search: Sequence[Path | str] = (),
    flags: Sequence[str] = (),
    numerics: Numerics = "silicon",
    use_cache: bool = True,
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Executable:
    """Lower `program` unless it is a plan already, find its kernels, and build it to be simulated.

    program:        plans in a tuple are configurations that run in turn.
    sequence:       the runtime sequence, where there are several; entry: the device likewise.
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
        plans: tuple[PhysicalPlan, ...] = (program,)
    elif isinstance(program, tuple):
        plans = program
    else:
        resolved = _resolved(program)
        plans = (
            remembered_plans(resolved.module, default_cache(), title or "a module", sequence, entry)
            if use_cache
            else lower_to_plans(resolved.module, sequence=sequence, entry=entry)
        )
        kernel_sources = (*kernel_sources, *resolved.kernel_sources)
        search = (*search, *resolved.search_directories)
    if len(plans) > 1:
        notes = (*notes, NOTE.format(count=len(plans)))
    first, *following = [
        _built(plan, kernel_sources, search, flags, numerics, use_cache, title, notes)
        for plan in plans
    ]
    return replace(first, following=tuple(following))


def _built(
    plan: PhysicalPlan,
    kernel_sources: Sequence[KernelSource],
    search: Sequence[Path | str],
    flags: Sequence[str],
    numerics: Numerics,
    use_cache: bool,
    title: str | None,
    notes: Sequence[str],
) -> Executable:
    """One configuration, built."""
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
