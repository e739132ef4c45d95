"""A C++20 compiler: kernel sources and plans in, a shared library and what the compiler saw out.

Refuses a source that does not compile with the compiler's own lines, in the author's file, and a
flag the compiler does not know by its name. Apart from the builder, so that tests can use it alone.
"""

import functools
import hashlib
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ironbird.base.errors import DesignError, ToolError
from ironbird.base.source_line import SourceLine
from ironbird.simulator.call_graph import stack_by_place
from ironbird.simulator.compiler_search import (
    Candidate,
    chosen_compiler,
    cpu_features,
)

# -fno-strict-aliasing: AIE kernels reinterpret buffers freely, and AIE compilers let them.
KERNEL_FLAGS = ("-O3", "-march=native", "-std=c++20", "-fPIC", "-fno-strict-aliasing")

# On x86-64 a function may use 128 bytes below its stack pointer, which -fstack-usage leaves out.
_WHOLE_FRAMES = ("-mno-red-zone",) if platform.machine() in ("x86_64", "AMD64") else ()

# A message longer than this says nothing more to a reader; C++ templates can fill pages.
_SHOWN_LINES = 20

_COMPILE_SECONDS = 600

_ERROR_LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: ")
_UNKNOWN_FLAG = re.compile(
    r"(?:unrecognized command-line option|unknown argument:?|unknown clang option:|"
    r"unsupported option) ['\"‘](?P<flag>[^'\"’]+)['\"’]"
)
_DUPLICATE = re.compile(
    r"multiple definition of [`'](?P<gnu>[^'\n]+)'|duplicate symbol: (?P<lld>[^\n]+)"
)
_UNDEFINED = re.compile(r"undefined (?:reference to|symbol:) [`']?(?P<symbol>[^'\n]+?)'?(?:\n|$)")


@dataclass(frozen=True)
class StackFrame:
    """The stack one compiled function needs.

    function: its name; without argument types where the compiler prints them.
    bytes:    of its frame; a lower bound where `dynamic` (alloca, variable-length arrays).
    deepest_bytes: of its frame and, from g++, of the frames of what it calls.
    """

    function: str
    bytes: int
    deepest_bytes: int
    file: str
    line: int
    dynamic: bool = False


@dataclass(frozen=True)
class ObjectReport:
    """What the compiler said of one object file.

    dependencies: the source and every header it includes, system headers too.
    """

    dependencies: tuple[Path, ...]
    stack_frames: tuple[StackFrame, ...]


@dataclass(frozen=True)
class Compiler:
    """One C++ compiler.

    command:  how it is started.
    version:  as results show it (`g++ 12.2.0`).
    identity: names what it makes: version, target and CPU features, and no path of this machine.
    """

    command: tuple[str, ...]
    version: str
    identity: str

    def compile_object(
        self,
        source: Path,
        object: Path,
        flags: Sequence[str] = KERNEL_FLAGS,
        include_directories: Sequence[Path] = (),
        *,
        shown_as: Mapping[str, str] | None = None,
        at: SourceLine | None = None,
        line_of: Callable[[int], SourceLine | None] | None = None,
    ) -> ObjectReport:
        """Compile `source` into `object`, and report its headers and stack frames.

        shown_as: paths the author never saw (a copy of a source text), and what to call them.
        at:       the author's line that asked for the source, for messages without a line.
        line_of:  the author's line that a line of a copied text stands in.
        Raises DesignError if the source does not compile.
        """
        dependency_file = object.with_suffix(".d")
        stack_file = object.with_suffix(".su")
        finished = self._start(
            "-c",
            *flags,
            *(part for directory in include_directories for part in ("-I", str(directory))),
            *_WHOLE_FRAMES,
            "-fstack-usage",
            *(("-fcallgraph-info=su",) if self.version.startswith("g++") else ()),
            "-MD",
            "-MF",
            str(dependency_file),
            str(source),
            "-o",
            str(object),
        )
        if finished.returncode:
            raise _compile_error(source, finished.stderr, shown_as or {}, at, line_of)
        dependencies = _read_dependencies(dependency_file)
        stacks = stack_by_place(object.with_suffix(".ci"))
        return ObjectReport(dependencies, _read_frames(stack_file, dependencies, stacks))

    def link_shared(
        self, objects: Sequence[Path], output: Path, *, shown_as: Mapping[str, str] | None = None
    ) -> None:
        """Link `objects` into the shared library `output`, with nothing left undefined.

        shown_as: what the author calls the objects, by path.
        Raises DesignError naming the symbols that no object defines, or more than one; ToolError
        for other failures.
        """
        finished = self._start(
            "-shared", *map(str, objects), "-Wl,-z,defs", "-lpthread", "-o", str(output)
        )
        if not finished.returncode:
            return
        names = [(shown_as or {}).get(str(path), path.name) for path in objects]
        twice = sorted(
            {found["gnu"] or found["lld"] for found in _DUPLICATE.finditer(finished.stderr)}
        )
        if twice:
            raise DesignError(
                f"{', '.join(twice)} is defined more than once among {', '.join(names)}",
                because="one core calls kernels of all of them, and so is linked with all of them",
                fix="one object file for the kernels of one source, or `static` helpers",
            )
        missing = sorted({found["symbol"] for found in _UNDEFINED.finditer(finished.stderr)})
        if missing:
            raise DesignError(
                f"{', '.join(missing)} is called and not defined in {', '.join(names)}",
                because="a core is linked with the object files of the kernels it calls, and no "
                "other",
                fix="define it there, or include the source that does",
            )
        raise ToolError(
            f"{self.version} cannot link {output.name}",
            because=_shown(finished.stderr.splitlines()),
        )

    def _start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the compiler with English messages. Raises ToolError if it does not start or end."""
        try:
            return subprocess.run(
                [*self.command, *arguments],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_COMPILE_SECONDS,
                env={**os.environ, "LC_ALL": "C", "GCC_COLORS": ""},
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise ToolError(
                f"{self.version} did not run to its end", because=str(failure)
            ) from failure


@functools.cache
def find_compiler() -> Compiler:
    """The compiler of this machine, looked for once. Raises ToolError if there is none."""
    return compiler_of(chosen_compiler())


def compiler_of(candidate: Candidate) -> Compiler:
    """The compiler a search found."""
    assert candidate.command is not None
    assert candidate.version is not None
    features = hashlib.sha256(" ".join(cpu_features()).encode()).hexdigest()[:16]
    target = f"{platform.machine()}-{sys.platform}"
    return Compiler(
        command=candidate.command,
        version=candidate.version,
        identity=f"{candidate.version}; {target}; cpu {features}",
    )


def _compile_error(
    source: Path,
    output: str,
    shown_as: Mapping[str, str],
    at: SourceLine | None,
    line_of: Callable[[int], SourceLine | None] | None,
) -> DesignError:
    """The compiler's complaint, at the first line it complains of."""
    for hidden, shown in shown_as.items():
        output = re.sub(rf"{re.escape(hidden)}:(\d+):(?:\d+:)?", rf"line \1 of {shown}:", output)
        output = output.replace(hidden, shown)
    name = shown_as.get(str(source), f"kernel source {source.name}")
    unknown = _UNKNOWN_FLAG.search(output)
    if unknown is not None:
        return DesignError(
            f"{name} is compiled with {unknown['flag']}, an unknown flag",
            at=at,
            fix="take the flag out of the kernel's compile flags",
        )
    lines = output.splitlines()
    for number, line in enumerate(lines):
        in_text = next(filter(None, (_error_in(shown, line) for shown in shown_as.values())), None)
        if in_text is not None:
            lines = lines[number:]
            at = line_of(in_text) if line_of is not None else at
            break
        located = _ERROR_LINE.match(line)
        if located is not None:
            place = SourceLine(located["file"], int(located["line"]), int(located["column"] or 0))
            return DesignError(f"{name} does not compile", at=place, because=_shown(lines[number:]))
    return DesignError(f"{name} does not compile", at=at, because=_shown(lines))


def _error_in(shown: str, line: str) -> int | None:
    """The line of `shown` that the compiler complains of in `line`."""
    found = re.match(rf"line (\d+) of {re.escape(shown)}: (?:fatal )?error: ", line)
    return int(found[1]) if found is not None else None


def _shown(lines: Sequence[str]) -> str:
    """The compiler's lines, indented under `because:`, the first `_SHOWN_LINES` of them."""
    kept = [line.rstrip() for line in lines if line.strip()][:_SHOWN_LINES]
    left_out = len([line for line in lines if line.strip()]) - len(kept)
    if left_out:
        kept.append(f"... and {left_out} more lines")
    return "\n    ".join(kept)


def _read_dependencies(dependency_file: Path) -> tuple[Path, ...]:
    """The prerequisites of a make rule: `object: source header \\` with escaped spaces."""
    rule = dependency_file.read_text(encoding="utf-8", errors="surrogateescape")
    prerequisites = rule.replace("\\\n", " ").partition(": ")[2]
    names = re.split(r"(?<!\\)\s+", prerequisites.strip())
    return tuple(Path(name.replace("\\ ", " ").replace("$$", "$")) for name in names if name)


def _read_frames(
    stack_file: Path, sources: Sequence[Path], stacks: Mapping[str, int]
) -> tuple[StackFrame, ...]:
    """`file:line[:column]:function<tab>bytes<tab>static|dynamic`, one line a function.

    g++ prints a column and the whole signature, clang the mangled name; zig's clang leaves out
    the folders that the source and the working directory share. stacks: with calls, by place.
    """
    frames = []
    if not stack_file.exists():  # clang writes none for a source without functions
        return ()
    for line in stack_file.read_text(encoding="utf-8", errors="replace").splitlines():
        place, byte_count, kind = line.split("\t")
        parts = re.match(r"(?P<file>.*?):(?P<line>\d+):(?:\d+:)?(?P<function>.*)$", place)
        if parts is None:
            continue
        frames.append(
            StackFrame(
                function=_plain_name(parts["function"]),
                bytes=int(byte_count),
                deepest_bytes=stacks.get(
                    place.removesuffix(f":{parts['function']}"), int(byte_count)
                ),
                file=_whole_path(parts["file"], sources),
                line=int(parts["line"]),
                dynamic="dynamic" in kind,
            )
        )
    return tuple(frames)


def _whole_path(file: str, sources: Sequence[Path]) -> str:
    whole = (str(source) for source in sources if str(source).endswith(f"/{file}"))
    return file if Path(file).is_absolute() else next(whole, file)


def _plain_name(signature: str) -> str:
    """`void scale(const int*, int)` -> `scale`; a mangled or template name stays as it is."""
    found = re.fullmatch(r"(?:[\w:*&<> ]*[ *&])?(?P<name>\w+)\([^()]*\)", signature)
    return found["name"] if found is not None else signature
