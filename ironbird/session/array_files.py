"""Arrays in `.npy` and `.npz` files, as a program's arguments.

numpy writes bfloat16 as two nameless bytes and reads it back so; here it becomes bfloat16 again.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from ironbird.base.errors import UsageError
from ironbird.session.result import Array

_BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
_NAMELESS = np.dtype("V2")


def load_array(path: Path, dtype: np.dtype[Any]) -> Array:
    """The array in a `.npy` file; `dtype` tells what two nameless bytes are. Raises UsageError."""
    array = _opened(path)
    if not isinstance(array, np.ndarray):
        raise UsageError(f"{path} holds several arrays", fix="save one with np.save")
    return _named(array, dtype)


def load_arrays(path: Path) -> dict[str, Array]:
    """The arrays in a `.npz` file by name. Raises UsageError."""
    opened = _opened(path)
    if isinstance(opened, np.ndarray):
        raise UsageError(
            f"{path} holds one array without a name", fix="np.savez(path, name=array, ...)"
        )
    with opened:
        return {name: _named(opened[name], _BFLOAT16) for name in opened.files}


def save_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write a `.npz` file. Raises UsageError if it cannot be written."""
    try:
        with path.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
    except OSError as failure:
        raise UsageError(f"{path} cannot be written", because=str(failure)) from failure


def save_array(path: Path, array: Array) -> None:
    """Write a `.npy` file. Raises UsageError if it cannot be written."""
    try:
        with path.open("wb") as file:
            np.save(file, array)
    except OSError as failure:
        raise UsageError(f"{path} cannot be written", because=str(failure)) from failure


def poisoned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """An array for outputs: NaN, or for integers 0xA5 in every byte, so that a gap shows."""
    array = np.empty(shape, dtype)
    if array.size == 0:
        return array
    if dtype == _BFLOAT16 or dtype.kind == "f":
        array.fill(np.nan)
    else:
        array.view(np.uint8).fill(0xA5) if array.ndim else array.fill(0)
    return array


def _opened(path: Path) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except FileNotFoundError as failure:
        raise UsageError(f"there is no file {path}") from failure
    except OSError as failure:
        raise UsageError(f"{path} cannot be read", because=str(failure)) from failure
    except (ValueError, EOFError, zipfile.BadZipFile) as failure:
        raise UsageError(
            f"{path} holds no numbers in numpy's format",
            fix="np.save or np.savez makes such a file",
        ) from failure


def _named(array: Array, dtype: np.dtype[Any]) -> Array:
    return array.view(_BFLOAT16) if array.dtype == _NAMELESS and dtype == _BFLOAT16 else array
