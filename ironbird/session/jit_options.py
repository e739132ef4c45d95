"""What `@iron.jit(...)` takes besides compile-time values, and what a simulation makes of each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import SourceLine, author_line
from ironbird.session.object_file import named_object_file
from ironbird.simulator.options import Numerics


@dataclass(frozen=True, kw_only=True)
class JitOptions:
    """Options of a jit design, by upstream's names, and `numerics`, which is ours.

    use_cache:     whether a build is looked for in the cache and kept there.
    source_files:  kernel sources; `scale.cc` makes the object file `scale.o`.
    compile_flags, include_paths: for those sources, and for sources found by their object's name.
    object_files:  what `aie.utils.compile` made of kernel sources; the chip's own are refused.
    trace_config:  a TraceConfig, whose file gets the trace of each run.
    full_elf:      not for npu1; refused if asked for.
    is_placed:     whether the generator builds a placed design; what it returns tells.
    aiecc_flags:   flags of the chip's compiler driver; without effect here, and noted in results.
    numerics:      `silicon` or `fast`.
    """

    use_cache: bool = True
    source_files: Sequence[str | Path] = ()
    object_files: Sequence[str | Path] = ()
    compile_flags: Sequence[str] = ()
    include_paths: Sequence[str | Path] = ()
    aiecc_flags: Sequence[str] = ()
    trace_config: Any = None
    full_elf: bool = False
    is_placed: bool | None = None
    numerics: Numerics = "silicon"

    def __post_init__(self) -> None:
        for path in self.object_files:
            named_object_file(Path(path))
        if self.full_elf:
            raise UsageError("full_elf is not for npu1", at=author_line(), fix="leave it out")

    @property
    def notes(self) -> tuple[str, ...]:
        """What the results of a design with these options tell the reader."""
        if not self.aiecc_flags:
            return ()
        return (f"aiecc_flags {' '.join(self.aiecc_flags)} have no effect in a simulation",)

    @classmethod
    def names(cls) -> frozenset[str]:
        """The keywords that are options; any other keyword of jit is a compile-time value."""
        return frozenset(option.name for option in fields(cls))

    def kernel_sources(self, at: SourceLine | None) -> tuple[KernelSource, ...]:
        """The sources named by the options."""
        from_objects = (named_object_file(Path(path)) for path in self.object_files)
        from_sources = (
            KernelSource(
                object_file=Path(path).with_suffix(".o").name,
                path=Path(path),
                include_directories=tuple(map(Path, self.include_paths)),
                flags=tuple(self.compile_flags),
                at=at,
            )
            for path in self.source_files
        )
        return (*from_objects, *from_sources)
