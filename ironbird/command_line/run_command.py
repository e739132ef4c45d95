"""`python -m ironbird run FILE.py|FILE.mlir`: an unmodified IRON program, or a module as text."""

import argparse
import json
import runpy
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from ironbird.base.errors import DesignError, UsageError
from ironbird.base.source_line import SourceLine, is_ours
from ironbird.iron.upstream_names import AbsentNameError
from ironbird.session.ending import exit_code_for

if TYPE_CHECKING:
    from ironbird.command_line import Subparsers


def add_to(subparsers: "Subparsers") -> None:
    """Add the command to the parser of `python -m ironbird`."""
    parser = subparsers.add_parser("run", help="run FILE.py or FILE.mlir")
    parser.add_argument("file", type=Path, metavar="FILE", help="FILE.py, or FILE.mlir")
    parser.add_argument("program_arguments", nargs="*", metavar="-- ARGS", help="for FILE.py")
    module = parser.add_argument_group("for FILE.mlir")
    module.add_argument(
        "--arg", action="append", default=[], metavar="N=F.npy", help="tensor N before the run"
    )
    module.add_argument(
        "--out", action="append", default=[], metavar="N=F.npy", help="where tensor N goes after it"
    )
    module.add_argument(
        "--scalar", action="append", default=[], metavar="N=V", help="argument N, which is a number"
    )
    module.add_argument(
        "--kernels", action="append", default=[], type=Path, metavar="DIR", help="kernel sources"
    )
    module.add_argument(
        "--define", action="append", default=[], metavar="NAME[=VALUE]", help="when compiling them"
    )
    module.add_argument("--sequence", metavar="NAME", help="which runtime sequence, of several")
    module.add_argument("--entry", metavar="DEVICE", help="which device, of several")
    module.add_argument(
        "--stop-after", metavar="PASS", help="print what the pass leaves, or `npu`, or `plan`"
    )
    module.add_argument("--numerics", choices=("silicon", "fast"), default="silicon")
    module.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=run_file)


def run_file(options: argparse.Namespace) -> int:
    """Run the file by its suffix. Returns the exit code."""
    file: Path = options.file
    if not file.is_file():
        raise UsageError(f"there is no file {file}")
    if file.suffix == ".py":
        _refuse_module_options(options)
        return _run_program(file, options.program_arguments)
    if file.suffix == ".mlir" and options.stop_after is not None:
        return _print_module(file, options)
    if file.suffix == ".mlir":
        return _run_module(file, options)
    raise UsageError(f"{file} is neither a .py nor a .mlir file")


def _refuse_module_options(options: argparse.Namespace) -> None:
    for name in (
        "arg",
        "out",
        "scalar",
        "kernels",
        "define",
        "sequence",
        "entry",
        "stop_after",
        "json",
    ):
        if getattr(options, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(
                f"{option} is for a .mlir file, and {options.file} is a program",
                fix=f"pass the program its own options after --: {options.file} -- {option} ...",
            )


def _run_program(file: Path, arguments: list[str]) -> int:
    """Run a Python file as `python FILE ARGS` would, with the `aie` that was chosen."""
    from ironbird import provide

    chosen = provide.choice()
    print(f"ironbird: {chosen.which} aie ({chosen.reason})", file=sys.stderr)
    sys.argv = [str(file), *arguments]
    sys.path.insert(0, str(file.resolve().parent))
    try:
        runpy.run_path(str(file), run_name="__main__")
    except AbsentNameError as absent:
        raise DesignError(str(absent), at=_importing_line(absent)) from absent
    return 0


def _importing_line(absent: AbsentNameError) -> SourceLine | None:
    """The innermost line of the author's that asked for the name."""
    frames = [
        (frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(absent.__traceback__)
    ]
    for file, line in reversed(frames):
        if not is_ours(file):
            return SourceLine(str(Path(file).resolve()), line)
    return None


def _print_module(file: Path, options: argparse.Namespace) -> int:
    from ironbird.command_line.run_module import read_module
    from ironbird.session.lowering import text_after

    chosen = {"sequence": options.sequence, "entry": options.entry}
    print(text_after(read_module(file), options.stop_after, **chosen), end="")
    return 0


def _run_module(file: Path, options: argparse.Namespace) -> int:
    from ironbird.command_line.run_module import run_module

    result = run_module(
        file,
        inputs=_numbered(options.arg, "--arg"),
        outputs=_numbered(options.out, "--out"),
        scalars=_scalars(options.scalar),
        kernel_directories=options.kernels,
        defines=options.define,
        sequence=options.sequence,
        entry=options.entry,
        numerics=options.numerics,
    )
    if options.json:
        described = {
            "file": str(file),
            "where": result.where,
            "cycles": result.cycles,
            "modelled_us": result.modelled_us,
            "wall_s": result.wall_seconds,
            "cached": result.cached,
            "findings": [str(finding) for finding in result.findings],
            "notes": list(result.notes),
        }
        print(json.dumps(described))
    else:
        print(
            f"{file}: {'done' if result.is_success() else 'FAILED'}\n"
            f"  where   {result.where}\n"
            f"  cycles  {result.cycles:,} = {result.modelled_us:,.1f} us at the clock of a "
            f"{result.clock} (modelled, not measured)"
        )
        for note in result.notes:
            print(f"  note    {note}")
        for finding in result.findings:
            print(finding)
    return 0 if result.is_success() else exit_code_for(result.findings)


def _scalars(words: list[str]) -> dict[int, int]:
    """`["2=5"]` as a table."""
    found = {}
    for word in words:
        number, _, value = word.partition("=")
        try:
            found[int(number)] = int(value, 0)
        except ValueError:
            raise UsageError(f"--scalar {word} is not N=V", fix="--scalar 2=16") from None
    return found


def _numbered(settings: list[str], option: str) -> dict[int, Path]:
    """`N=file.npy`, by N. Raises UsageError for another form, and for an N given twice."""
    paths: dict[int, Path] = {}
    for setting in settings:
        number, equals, path = setting.partition("=")
        if not (equals and path and number.isdecimal()):
            raise UsageError(
                f"{option} {setting} is not N=FILE.npy", because="N counts the tensors from 0"
            )
        if int(number) in paths:
            raise UsageError(f"{option} is given twice for tensor {int(number)}")
        paths[int(number)] = Path(path)
    return paths
