"""Runs the programs of `programs/`, each as its author would, and compares what comes out.

A program is a plain Python file that knows nothing of Ironbird, in one of two kinds:

- it *runs itself* (a jit, or the host runtime): it compares with numpy, and raises on a mismatch;
- it *prints its module*, as programs built by makefiles do: the test gives the tensors and says
  what numpy makes of them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from ironbird.__main__ import main
from ironbird.session.array_files import load_array, save_array

PROGRAMS = Path(__file__).parent / "programs"

Array = npt.NDArray[Any]


def program_file(generation: str, name: str) -> Path:
    """The file of a program. generation: d1, d2, d3, d4 or placed."""
    return PROGRAMS / generation / f"{name}.py"


def programs_of(generation: str) -> set[str]:
    """The names of a generation's programs; a name with a leading underscore is no program."""
    return {
        file.stem for file in (PROGRAMS / generation).glob("*.py") if not file.stem.startswith("_")
    }


def run_itself(file: Path, *arguments: object) -> None:
    """`python -m ironbird run FILE -- ARGUMENTS`. Raises AssertionError unless it exits with 0."""
    try:
        code = main(["run", str(file), "--", *map(str, arguments)])
    except SystemExit as ending:
        code = int(ending.code or 0)
    assert code == 0


def run_printed(
    file: Path,
    tensors: Sequence[Array],
    expected: Mapping[int, Array],
    *arguments: object,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    kernels: Path | None = None,
    rtol: float = 0,
) -> None:
    """Run the program for its module, run that on `tensors`, and compare those in `expected`.

    tensors: every argument of the sequence in order; what is only written has the right shape.
    expected: by the number of the tensor, exact unless `rtol` says otherwise.
    """
    capsys.readouterr()
    run_itself(file, *arguments)
    module = folder / f"{file.stem}.mlir"
    module.write_text(capsys.readouterr().out)
    run_module(module, tensors, expected, kernels=kernels, rtol=rtol)


def run_module(
    module: Path,
    tensors: Sequence[Array],
    expected: Mapping[int, Array],
    *,
    kernels: Path | None = None,
    rtol: float = 0,
) -> None:
    """`python -m ironbird run MODULE` on `tensors`, compared as in `run_printed`."""
    command = ["run", str(module)]
    for number, tensor in enumerate(tensors):
        path = module.with_suffix(f".in{number}.npy")
        save_array(path, tensor)
        command += ["--arg", f"{number}={path}"]
    for number in expected:
        command += ["--out", f"{number}={module.with_suffix(f'.out{number}.npy')}"]
    if kernels is not None:
        command += ["--kernels", str(kernels)]
    assert main(command) == 0
    for number, values in expected.items():
        found = load_array(module.with_suffix(f".out{number}.npy"), values.dtype)
        assert found.dtype == values.dtype
        np.testing.assert_allclose(
            found.reshape(values.shape).astype(np.float64),
            values.astype(np.float64),
            rtol=rtol,
            err_msg=f"tensor {number}",
        )
