"""Compiles the sources of contracts and calls their symbols through ctypes, outputs poisoned first.

Separate from the session: a kernel must be testable before anything else works.
"""

import ctypes
import functools
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from aie_kernels.contract import KERNEL_DIRECTORY, Argument, KernelContract, Role
from ironbird.simulator.compiler import KERNEL_FLAGS, StackFrame, find_compiler
from ironbird.simulator.kernel_build import kernel_variants

INCLUDE = Path(__file__).parents[2] / "ironbird" / "simulator" / "include"
HOST_FLAGS = (
    *KERNEL_FLAGS,
    "-ffp-contract=off",
    "-fwrapv",
    "-fvisibility=default",
    "-Wno-attributes",
    "-Wno-unknown-pragmas",
    "-D__AIENGINE__",
    "-include",
    "aie_api/aie.hpp",
)
INCLUDE_DIRECTORIES = (INCLUDE, INCLUDE / "aie_api", KERNEL_DIRECTORY)
ALIGNMENT_BYTES = 64


def scratch() -> Path:
    """A folder that is removed when the tests end."""
    return Path(_scratch().name)


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="ironbird-kernels-")


@functools.cache
def load(contract: KernelContract, numerics: str = "silicon") -> Any:
    """The symbol of `contract`, compiled and loaded once for each source, macros and numerics."""
    return getattr(_library(contract.source_path, contract.flags, numerics), contract.symbol)


@functools.cache
def _library(source: Path, flags: tuple[str, ...], numerics: str) -> ctypes.CDLL:
    stem = "_".join([source.stem, numerics, *(flag.partition("=")[2] for flag in flags)])
    object_path = scratch() / f"{stem}.o"
    fast = ("-DIRONBIRD_NUMERICS_FAST=1",) if numerics == "fast" else ()
    find_compiler().compile_object(
        source, object_path, (*HOST_FLAGS, *flags, *fast), INCLUDE_DIRECTORIES
    )
    library = object_path.with_suffix(".so")
    find_compiler().link_shared([object_path], library)
    return ctypes.CDLL(str(library))


def call(
    contract: KernelContract, given: Mapping[str, Any], numerics: str = "silicon"
) -> dict[str, np.ndarray[Any, Any]]:
    """Call the kernel on aligned copies of `given`, and return what every written argument holds.

    Arguments that are only written, and are not given, start as NaN (integers: their least value).
    """
    buffers: dict[str, np.ndarray[Any, Any]] = {}
    passed: list[Any] = []
    for argument in contract.arguments:
        if argument.role is Role.SCALAR:
            default = argument.values[0] if argument.values else None
            passed.append(ctypes.c_int32(int(given.get(argument.name, default))))
            continue
        array = aligned(given[argument.name] if argument.name in given else poison(argument))
        buffers[argument.name] = array
        passed.append(ctypes.c_void_p(array.ctypes.data))
    function = load(contract, numerics)
    function.restype = None
    function(*passed)
    return {
        argument.name: buffers[argument.name]
        for argument in contract.arguments
        if argument.is_written
    }


def poison(argument: Argument) -> np.ndarray[Any, Any]:
    """An array of the argument's shape in which an element nobody wrote shows."""
    dtype = argument.dtype
    if dtype.kind in "iu":
        return np.full(argument.shape, np.iinfo(dtype).min, dtype)
    return np.full(argument.shape, np.nan, dtype)


def aligned(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A copy that starts where a vector may be loaded."""
    array = np.ascontiguousarray(array)
    room = np.empty(array.nbytes + ALIGNMENT_BYTES, np.uint8)
    start = -room.ctypes.data % ALIGNMENT_BYTES
    copy = room[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def as_bfloat16(values: Any) -> np.ndarray[Any, Any]:
    """`values` rounded to bfloat16."""
    return np.asarray(values).astype(ml_dtypes.bfloat16)


def frame_bytes(contract: KernelContract) -> dict[str, int]:
    """The stack frame of each function of the contract's source, emulated registers left out."""
    frames = _stack_frames(contract.source_path, contract.flags)
    return {used.function: used.bytes for used in frames}


def stack_bytes(contract: KernelContract) -> int:
    """What the kernel needs with all it calls, as far as the compiler tells (g++ does)."""
    frames = _stack_frames(contract.source_path, contract.flags)
    return next(used.deepest_bytes for used in frames if used.function == contract.symbol)


@functools.cache
def _stack_frames(source: Path, flags: tuple[str, ...]) -> tuple[StackFrame, ...]:
    _, _, frame = kernel_variants("silicon")
    report = find_compiler().compile_object(
        source, scratch() / f"{source.stem}.frame.o", (*frame.flags, *flags), INCLUDE_DIRECTORIES
    )
    return report.stack_frames
