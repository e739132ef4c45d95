"""A compiled design as a file: what stands here where the chip's flow has an xclbin.

Host programs compile to a path and load that path later (`NPUKernel(xclbin_path, insts_path)`). The
chip's files cannot be made here, so the same paths get a text that says what it is: the module, its
source lines and its kernels, in JSON. Whoever loads it builds from it, or finds it in the cache.
Refuses any other file, such as an xclbin of mlir-aie.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir import parse_module, print_module
from ironbird.ir.locations import (
    location_of,
    name_of_location,
    named_location,
    source_line_of,
)
from ironbird.iron.resolved_program import ResolvedProgram
from ironbird.session.compile import Executable, compile
from ironbird.session.object_file import described_source, source_of
from ironbird.simulator.options import Numerics

WHAT_IT_IS = "a design compiled by ironbird for its simulator; not an xclbin, no NPU can load it"
WHAT_THE_OTHER_IS = (
    "the place of the instructions of a design compiled by ironbird; its simulator needs none: "
    "the sequence is in the design's own file"
)
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class SimulationFile:
    """Everything that a compiled design was made from.

    kernel_sources: C++ given with the design. search, flags: as of `session.compile`.
    """

    title: str
    program: ResolvedProgram
    kernel_sources: tuple[KernelSource, ...] = ()
    flags: tuple[str, ...] = ()
    numerics: Numerics = "silicon"
    notes: tuple[str, ...] = field(default=())

    def executable(self, *, use_cache: bool = True) -> Executable:
        """Build it, or find it in the cache. Raises DesignError as `session.compile`."""
        return compile(
            self.program,
            kernel_sources=self.kernel_sources,
            flags=self.flags,
            numerics=self.numerics,
            use_cache=use_cache,
            title=self.title,
            notes=self.notes,
        )

    def write(self, path: Path) -> None:
        """Write it to `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """The file's content."""
        sources = (*self.kernel_sources, *self.program.kernel_sources)
        described = {
            "what": WHAT_IT_IS,
            "format": FORMAT,
            "title": self.title,
            "numerics": self.numerics,
            "flags": list(self.flags),
            "notes": list(self.notes),
            "kernel_sources": list(map(described_source, sources)),
            "search": [str(folder) for folder in self.program.search_directories],
            "module": print_module(self.program.module).splitlines(),
            "lines": [_described_line(op) for op in self.program.module.walk()],
        }
        return json.dumps(described, indent=1)


def read_simulation_file(path: Path) -> SimulationFile:
    """The compiled design in `path`. Raises UsageError for a file that holds none."""
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}", at=author_line()) from None
    except (OSError, ValueError) as failure:
        raise _stranger(path, str(failure)) from None
    if not isinstance(described, dict) or described.get("what") != WHAT_IT_IS:
        raise _stranger(path, "it does not say what it is")
    if described["format"] != FORMAT:
        raise _stranger(path, f"its format is {described['format']}; this version reads {FORMAT}")
    return SimulationFile(
        title=described["title"],
        program=ResolvedProgram(
            _module(described, path), (), tuple(map(Path, described["search"]))
        ),
        kernel_sources=tuple(map(source_of, described["kernel_sources"])),
        flags=tuple(described["flags"]),
        numerics=described["numerics"],
        notes=tuple(described["notes"]),
    )


def write_instructions_place(path: Path) -> None:
    """Write what stands in the place of the instruction file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"what": WHAT_THE_OTHER_IS}, indent=1), encoding="utf-8")


def _stranger(path: Path, because: str) -> UsageError:
    return UsageError(
        f"{path} is not a design compiled by ironbird",
        at=author_line(),
        because=because,
        fix="compile the design with ironbird; files for the chip need mlir-aie and the chip",
    )


def _described_line(op: Any) -> list[Any] | None:
    line = source_line_of(op)
    return None if line is None else [name_of_location(op), line.file, line.line, line.column]


def _module(described: dict[str, Any], path: Path) -> ModuleOp:
    """The module with the author's lines, where the text reads back as the operations it was."""
    module = parse_module("\n".join(described["module"]) + "\n", filename=str(path))
    lines: Sequence[list[Any] | None] = described["lines"]
    operations = list(module.walk())
    if len(lines) != len(operations):
        return module
    for op, line in zip(operations, lines, strict=True):
        if line is None:
            continue
        name, *place = line
        at = SourceLine(*place)
        op.location = location_of(at) if name is None else named_location(name, at)
    return module
