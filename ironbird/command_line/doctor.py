"""`python -m ironbird doctor`: what was found, where, which version; what is missing, and why."""

import argparse
import importlib.metadata
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import ironbird
from ironbird.base.errors import IronbirdError, ToolError
from ironbird.session.build import default_cache
from ironbird.simulator.compiler import compiler_of
from ironbird.simulator.compiler_search import chosen_compiler, cpu_features, search_compilers

if TYPE_CHECKING:
    from ironbird.command_line import Subparsers

LIBRARIES = ("xdsl", "numpy", "ml_dtypes", "platformdirs", "rich", "ziglang")


def add_to(subparsers: "Subparsers") -> None:
    """Add the command to the parser of `python -m ironbird`."""
    parser = subparsers.add_parser("doctor", help="what was found, and what is missing")
    parser.set_defaults(command=examine)


def examine(options: argparse.Namespace) -> int:
    """Print the findings; exit code 0 if a design can be built and run here."""
    from ironbird import provide

    chosen = provide.choice()
    _print("ironbird", f"{ironbird.__version__} in {Path(ironbird.__file__).parent}")
    _print("python", f"{platform.python_version()} ({sys.executable}) on {platform.platform()}")
    for library in LIBRARIES:
        _print(library, _version_of(library))
    _print("aie", f"{chosen.which}: {chosen.reason}")
    for candidate in search_compilers():
        _print("compiler", str(candidate))
    problem = _why_no_build()
    _print("C++20", "a program compiles and links" if problem is None else problem)
    _print("cpu", f"{os.cpu_count()} processors, {len(cpu_features())} features")
    _print("cache", _cache_state())
    return 0 if problem is None else 1


def _print(what: str, found: str) -> None:
    first, *more = found.splitlines() or [""]
    print(f"{what:<14}{first}")
    for line in more:
        print(f"{'':<14}{line}")


def _version_of(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _why_no_build() -> str | None:
    """Why nothing can be compiled here, or None. Compiles and links a small library to know."""
    try:
        compiler = compiler_of(chosen_compiler())
    except ToolError as failure:
        return str(failure)
    with tempfile.TemporaryDirectory(prefix="ironbird-doctor-") as folder:
        source, library = Path(folder) / "probe.cc", Path(folder) / "probe.so"
        source.write_text(
            "#include <bit>\n"
            "#include <concepts>\n"
            'extern "C" int probe(int x) { return std::bit_cast<int>(x); }\n'
            "static_assert(std::integral<int>);\n"
        )
        try:
            compiler.compile_object(source, source.with_suffix(".o"))
            compiler.link_shared([source.with_suffix(".o")], library)
        except IronbirdError as failure:
            return str(failure)
    return None


def _cache_state() -> str:
    """Where the cache is, what it holds, and whether it can be written."""
    cache = default_cache()
    entries = cache.entries()
    held = f"{cache.root}: {len(entries)} entries, {sum(e.byte_count for e in entries):,} bytes"
    try:
        with cache.scratch():
            return held
    except OSError as failure:
        return f"{held}; it cannot be written: {failure}"
