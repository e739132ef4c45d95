"""Runs a module from its text, with tensors from `.npy` files and kernels from folders."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import UsageError
from ironbird.ir import parse_module, verify_module
from ironbird.passes.lower_sequence.bind_scalars import bind_scalars
from ironbird.plan import HostArgument
from ironbird.session.array_files import load_array, poisoned, save_array
from ironbird.session.compile import compile
from ironbird.session.lowering import lower_to_plans
from ironbird.session.result import Array, RunResult
from ironbird.session.run import check_arrays, run
from ironbird.session.stages import joined_arguments
from ironbird.simulator.options import Numerics


def run_module(
    file: Path,
    *,
    inputs: Mapping[int, Path],
    outputs: Mapping[int, Path],
    scalars: Mapping[int, int] | None = None,
    kernel_directories: Sequence[Path] = (),
    defines: Sequence[str] = (),
    sequence: str | None = None,
    entry: str | None = None,
    numerics: Numerics = "silicon",
) -> RunResult:
    """Run the module in `file` once, and save the outputs asked for.

    inputs:  the file of a tensor by its number; a tensor that is only written needs none.
    outputs: where to save a tensor after the run.
    scalars: arguments of the sequence that are numbers; tensors behind them count one less.
    defines: `NAME` or `NAME=VALUE` for the compiler of the kernels.
    sequence, entry: names of the runtime sequence and of the device, where there are several.
    Raises DesignError for a module that does not parse or verify, with line and column; UsageError
    for files.
    """
    module = bind_scalars(read_module(file), scalars or {})
    for directory in kernel_directories:
        if not directory.is_dir():
            raise UsageError(f"--kernels {directory} is not a folder")
    plans = lower_to_plans(module, sequence=sequence, entry=entry)
    arguments = plans[0].sequence.arguments if len(plans) == 1 else joined_arguments(plans)
    _check_numbers("--arg", inputs, arguments)
    _check_numbers("--out", outputs, arguments)
    arrays = [
        _argument(number, argument, inputs.get(number)) for number, argument in enumerate(arguments)
    ]
    check_arrays(arguments, arrays)
    executable = compile(
        plans,
        search=(*kernel_directories, file.resolve().parent),
        flags=tuple(f"-D{define}" for define in defines),
        numerics=numerics,
        title=file.name,
    )
    result = run(executable, *arrays)
    for number, path in outputs.items():
        save_array(path, arrays[number])
    return result


def read_module(file: Path) -> ModuleOp:
    """The module in `file`, verified. Raises DesignError at its line and column."""
    module = parse_module(_text_of(file), filename=str(file))
    verify_module(module)
    return module


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as failure:
        raise UsageError(
            f"{file} is not text in UTF-8",
            because=f"byte {failure.start} is {failure.object[failure.start]:#04x}",
            fix="the textual form of the module (aie-opt without --emit-bytecode)",
        ) from failure


def _argument(number: int, argument: HostArgument, path: Path | None) -> Array:
    if path is not None:
        return load_array(path, argument.element.dtype)
    if argument.read:
        raise UsageError(
            f"tensor {number} is read by the program, and no file is given for it",
            because=f"it is {argument.element.dtype} {list(argument.shape)}",
            fix=f"--arg {number}=FILE.npy",
        )
    return poisoned(argument.shape, argument.element.dtype)


def _check_numbers(
    option: str, paths: Mapping[int, Path], arguments: Sequence[HostArgument]
) -> None:
    for number in paths:
        if number >= len(arguments):
            raise UsageError(
                f"{option} names tensor {number}",
                because=f"the program has {len(arguments)}, counted from 0",
            )
