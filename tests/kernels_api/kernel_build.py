"""Small kernels compiled against the host model of the AIE API, called through ctypes."""

import ctypes
import hashlib
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ironbird.simulator.compiler import find_compiler

INCLUDE = Path(__file__).resolve().parents[2] / "ironbird" / "simulator" / "include"

# As ironbird/core.hpp tells builders of kernel libraries.
FLAGS = (
    *("-std=c++20", "-O3", "-march=native", "-fPIC", "-shared", "-fno-strict-aliasing"),
    *("-ffp-contract=off", "-fwrapv", "-Wall", "-Wextra", "-Werror"),
    *("-Wno-psabi", "-Wno-unused-function", "-Wno-unknown-pragmas", "-Wno-attributes"),
    *("-D__AIENGINE__", f"-I{INCLUDE}", f"-I{INCLUDE / 'aie_api'}", "-include", "aie_api/aie.hpp"),
)

# Without it, copies of a library would share the statics of templates.
GNU_FLAGS = ("-fno-gnu-unique",)
CLANG_FLAGS = ("-Wno-unknown-warning-option", "-Wno-unused-command-line-argument")

# A processor without 512-bit vectors; zig spells the names of processors with underscores.
HALF_WIDTH_PROCESSOR = "x86-64-v3"
if find_compiler().version.startswith("zig"):
    HALF_WIDTH_PROCESSOR = HALF_WIDTH_PROCESSOR.replace("-", "_")

# What every test kernel library has besides its kernels.
MODES = """
extern "C" void set_modes(int rounding, int saturation) {
  ironbird::current_core->rounding = rounding;
  ironbird::current_core->saturation = saturation;
}
"""


class Kernels:
    """A loaded library; calling `name` passes arrays by address and numbers as int32."""

    def __init__(self, path: Path) -> None:
        self.library = ctypes.CDLL(str(path))

    def modes(self, rounding: int = 0, saturation: int = 0) -> "Kernels":
        self.library.set_modes(rounding, saturation)
        return self

    def __call__(self, name: str, *arguments: np.ndarray | int) -> None:
        passed = [
            ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else ctypes.c_int32(a)
            for a in arguments
        ]
        getattr(self.library, name)(*passed)


def aligned(count: int, dtype: object) -> np.ndarray:
    """Zeros at an address that is a multiple of 64 bytes."""
    itemsize = np.dtype(dtype).itemsize
    raw = np.zeros(count * itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + count * itemsize].view(dtype)


def copied(values: np.ndarray) -> np.ndarray:
    """`values`, flat, at an address that is a multiple of 64 bytes."""
    out = aligned(values.size, values.dtype)
    out[:] = values.ravel()
    return out


def compile_library(
    folder: Path,
    source: str,
    flags: Sequence[str] = (),
    command: Sequence[str] | None = None,
) -> Path:
    """The library's path. Raises RuntimeError with the compiler's words if it does not compile."""
    finished, library = run_compiler(folder, source, flags, command)
    if finished.returncode != 0:
        raise RuntimeError(finished.stderr)
    return library


def run_compiler(
    folder: Path,
    source: str,
    flags: Sequence[str] = (),
    command: Sequence[str] | None = None,
) -> tuple["subprocess.CompletedProcess[str]", Path]:
    """Compile with `command`, or with the compiler that kernels are compiled with here."""
    is_gnu = command is None and find_compiler().version.startswith("g++")
    command = find_compiler().command if command is None else command
    digest = hashlib.sha256(repr((source, tuple(flags), tuple(command))).encode()).hexdigest()[:16]
    text = folder / f"{digest}.cc"
    text.write_text(source + MODES)
    library = folder / f"{digest}.so"
    own_flags = GNU_FLAGS if is_gnu else CLANG_FLAGS
    finished = subprocess.run(
        [*command, *FLAGS, *own_flags, *flags, str(text), "-o", str(library)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return finished, library
