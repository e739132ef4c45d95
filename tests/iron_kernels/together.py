"""Compiles many kernels of the library as one source, and calls them through ctypes.

One compilation of the AIE API serves them all: each kernel's source is included in a namespace of
its own, with its own macros. Outputs start poisoned.
"""

import ctypes
import functools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from ironbird.iron.kernels import LibraryKernel
from ironbird.iron.kernels.contract import Role
from ironbird.simulator.compiler import find_compiler
from ironbird.simulator.kernel_build import kernel_variants
from tests.kernels.library import HOST_FLAGS, INCLUDE_DIRECTORIES, aligned

_SHARED = """#include <lut_based_ops.h>
#include <aie_api/aie.hpp>
#include "aie_kernel_utils.h"
"""


class Together:
    """Kernels in one library."""

    def __init__(self, kernels: list[LibraryKernel]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ironbird-library-")
        source = Path(self._folder.name) / "together.cc"
        source.write_text(_SHARED + "".join(map(_included, kernels)))
        made = source.with_suffix(".o")
        find_compiler().compile_object(source, made, HOST_FLAGS, INCLUDE_DIRECTORIES)
        library = source.with_suffix(".so")
        find_compiler().link_shared([made], library)
        self._library = ctypes.CDLL(str(library))

    def call(self, kernel: LibraryKernel, inputs: list[Any]) -> np.ndarray[Any, Any]:
        """What the kernel's output holds after a call; None in `inputs` is the output's place."""
        output = kernel.contract.output
        passed: list[Any] = []
        buffers: list[Any] = []
        for number, (param, given) in enumerate(zip(kernel.contract.params, inputs, strict=True)):
            dtype = kernel.arg_dtype(number)
            if param.role is Role.SCALAR:
                passed.append(np.ctypeslib.as_ctypes_type(dtype)(int(given)))
                buffers.append(None)
                continue
            array = given if given is not None else _poison(kernel.arg_shape(number), dtype)
            buffers.append(aligned(array))
            passed.append(ctypes.c_void_p(buffers[-1].ctypes.data))
        function = self._library[kernel.name]
        function.restype = None
        function(*passed)
        return buffers[output]


@functools.cache
def together(kernels: tuple[LibraryKernel, ...]) -> Together:
    """The library of these kernels, compiled once."""
    return Together(list(kernels))


def _included(kernel: LibraryKernel) -> str:
    macros = [flag.removeprefix("-D").partition("=") for flag in kernel.source.flags]
    assert kernel.source.path is not None
    return "".join(
        [
            f"namespace {kernel.name}_alone {{\n",
            *(f"#define {name} {value}\n" for name, _, value in macros),
            f'#include "{kernel.source.path}"\n',
            *(f"#undef {name}\n" for name, _, _ in macros),
            "}\n",
        ]
    )


def _poison(shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    if dtype.kind in "iu":
        return np.full(shape, np.iinfo(dtype).min + 77, dtype)
    return np.full(shape, np.nan, dtype)


def frame_bytes(kernel: LibraryKernel) -> int:
    """The largest stack frame of the kernel's functions, emulated registers left out."""
    _, _, frame = kernel_variants("silicon")
    with tempfile.TemporaryDirectory() as folder:
        report = find_compiler().compile_object(
            kernel.source.path,
            Path(folder) / "frame.o",
            (*frame.flags, *kernel.source.flags),
            INCLUDE_DIRECTORIES,
        )
    return max((used.bytes for used in report.stack_frames), default=0)
