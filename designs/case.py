"""What every design's cases have in common: names, inputs drawn, outputs expected."""

from collections.abc import Mapping
from typing import Any, Protocol

import ml_dtypes
import numpy as np
import numpy.typing as npt

from ironbird.base.tolerance import Tolerance
from ironbird.session.array_files import poisoned

__all__ = [
    "BFLOAT16",
    "Array",
    "Arrays",
    "Case",
    "check_counts",
    "draw_bfloat16",
    "draw_integers",
    "next_multiple",
    "padded",
    "poisoned",
]

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


class Case(Protocol):
    """One size of a design, as the command line and the tests see it."""

    @property
    def name(self) -> str:
        """How `--case` calls it."""

    @property
    def tolerance(self) -> Tolerance:
        """Between result and reference."""

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """Inputs by name, drawn."""

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """Shape and dtype of each output by name."""


def check_counts(of_what: str, **counts: int | None) -> None:
    """Refuse, with ValueError, a count below one; None stands for one that the design chooses."""
    for name, count in counts.items():
        if count is not None and count < 1:
            raise ValueError(f"{of_what} with {name} {count}; it is 1 or more")


def draw_integers(rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Array:
    """Integers over the whole of `dtype`."""
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


def draw_bfloat16(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 1.0) -> Array:
    """Normally distributed bfloat16 numbers."""
    return (rng.standard_normal(shape, dtype=np.float32) * np.float32(scale)).astype(BFLOAT16)


def next_multiple(number: int, step: int) -> int:
    """The smallest multiple of `step` that is not below `number`."""
    return -(-number // step) * step


def padded(array: Array, shape: tuple[int, ...], fill: float = 0) -> Array:
    """`array` in the low corner of a contiguous array of `shape`, the rest holding `fill`."""
    result: Array = np.full(shape, fill, dtype=array.dtype)
    result[tuple(slice(0, size) for size in array.shape)] = array
    return result
