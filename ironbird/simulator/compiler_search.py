"""Which C++20 compiler this machine offers: every place looked at, and why it was taken or not.

Order: `$CXX`, `g++`, `clang++` on PATH, then the `ziglang` wheel. A `$CXX` that cannot be used is
an error and not skipped: whoever set it wants that compiler and no other.
"""

import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass

from ironbird.base.errors import ToolError

# The first releases whose C++20 (concepts, <bit>, consteval, coroutines) our headers compile with.
LEAST_GCC = 12
LEAST_CLANG = 15

_VERSION_SECONDS = 30


@dataclass(frozen=True)
class Candidate:
    """One place where a compiler may be.

    name:    `$CXX`, `g++`, `clang++` or `ziglang`.
    command: how it is started, or None where there is nothing to start.
    version: as results show it (`g++ 12.2.0`), or None.
    taken:   whether kernels are compiled with it.
    reason:  why it was, or was not.
    """

    name: str
    command: tuple[str, ...] | None
    version: str | None
    taken: bool
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {'taken' if self.taken else 'not taken'}, {self.reason}"


def search_compilers() -> tuple[Candidate, ...]:
    """Every place in order; at most one is taken, and none after it is started."""
    candidates: list[Candidate] = []
    for name, locate in _PLACES:
        chosen = next((candidate for candidate in candidates if candidate.taken), None)
        if chosen is not None:
            candidates.append(Candidate(name, None, None, False, f"{chosen.name} comes first"))
            continue
        candidates.append(_examine(name, locate()))
        if name == "$CXX" and os.environ.get("CXX") and not candidates[-1].taken:
            break
    return tuple(candidates)


def chosen_compiler() -> Candidate:
    """The candidate that is taken. Raises ToolError naming every place, if none can be."""
    candidates = search_compilers()
    for candidate in candidates:
        if candidate.taken:
            return candidate
    if len(candidates) == 1:
        raise ToolError(
            "the compiler that $CXX names cannot be used",
            because=candidates[0].reason,
            fix="name a C++20 compiler in CXX, or unset it",
        )
    raise ToolError(
        "no C++20 compiler was found",
        because="; ".join(f"{candidate.name}: {candidate.reason}" for candidate in candidates),
        fix="pip install ziglang",
    )


def _from_environment() -> tuple[str, ...] | str:
    named = os.environ.get("CXX")
    if not named:
        return "it is not set"
    command = tuple(shlex.split(named))
    if shutil.which(command[0]) is None:
        return f"CXX={named} is not a program on PATH"
    return command


def _on_path(program: str) -> tuple[str, ...] | str:
    return (program,) if shutil.which(program) is not None else "it is not on PATH"


def _from_wheel() -> tuple[str, ...] | str:
    if importlib.util.find_spec("ziglang") is None:
        return "the wheel is not installed"
    return (sys.executable, "-m", "ziglang", "c++")


_PLACES = (
    ("$CXX", _from_environment),
    ("g++", lambda: _on_path("g++")),
    ("clang++", lambda: _on_path("clang++")),
    ("ziglang", _from_wheel),
)


def _examine(name: str, located: tuple[str, ...] | str) -> Candidate:
    """Ask a compiler for its version and judge whether it is new enough."""
    if isinstance(located, str):
        return Candidate(name, None, None, False, located)
    try:
        asked = subprocess.run(
            [*located, "--version"], capture_output=True, text=True, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        return Candidate(name, located, None, False, f"it does not start: {failure}")
    if asked.returncode:
        return Candidate(name, located, None, False, f"--version ends with {asked.returncode}")
    first_line = next(iter(asked.stdout.splitlines()), "")
    is_clang = "clang" in first_line.lower()
    numbers = re.search(r"(\d+)\.\d+(?:\.\d+)?", first_line.rpartition(")")[2] or first_line)
    if numbers is None:
        return Candidate(name, located, None, False, f"its version is unreadable: {first_line!r}")
    family, least = ("clang++", LEAST_CLANG) if is_clang else ("g++", LEAST_GCC)
    version = f"{family} {numbers[0]}"
    if name == "ziglang":
        version = f"zig {version}"
    if int(numbers[1]) < least:
        reason = f"it is {version}; C++20 as our headers use it needs {least}"
        return Candidate(name, located, version, False, reason)
    return Candidate(name, located, version, True, f"it is {version}")


def cpu_features() -> tuple[str, ...]:
    """What `-march=native` compiles for here, sorted; machine code runs only where all are.

    Source  /proc/cpuinfo on Linux; elsewhere the processor's name is all that Python offers.
    """
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as cpuinfo:
            for line in cpuinfo:
                label, _, value = line.partition(":")
                if label.strip() in ("flags", "Features"):
                    return tuple(sorted(value.split()))
    except OSError:
        pass
    return (platform.processor() or platform.machine(),)
