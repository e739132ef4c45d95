"""Helpers of upstream's machine-learning examples: a log, labels, folded weights, memory layouts.

Their names and parameters are public; what upstream computes is known here for the common cases
only, and said in each. They work on numpy arrays.
"""

import pickle
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line

Array = npt.NDArray[Any]

BATCH_NORM_EPSILON = 1e-5


class CSVLogger:
    """Rows of values in a text file, a line each, written as they come."""

    def __init__(self, filename: str | Path, sep: str = ",") -> None:
        self._file = Path(filename).open("w", encoding="utf-8")  # noqa: SIM115
        self._separator = sep
        self._column_count: int | None = None

    def set_columns(self, columns: Sequence[str]) -> None:
        """Write the names of the columns; every row then has as many values."""
        self._column_count = len(columns)
        self._write(columns)

    def append(self, row: Sequence[Any]) -> None:
        """Write one row."""
        if self._column_count is not None and len(row) != self._column_count:
            raise UsageError(
                f"a row of {len(row)} values",
                at=author_line(),
                because=f"there are {self._column_count} columns",
            )
        self._write(row)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, values: Iterable[Any]) -> None:
        self._file.write(self._separator.join(map(str, values)) + "\n")
        self._file.flush()


def load_class_label(class_label_file: str | Path, num_classes: int) -> list[str]:
    """The first `num_classes` lines of a file, without white space at their ends."""
    lines = Path(class_label_file).read_text(encoding="utf-8").splitlines()
    if len(lines) < num_classes:
        raise UsageError(
            f"{class_label_file} has {len(lines)} lines",
            at=author_line(),
            because=f"{num_classes} labels were asked for",
        )
    return [line.strip() for line in lines[:num_classes]]


def unpickle(file: str | Path) -> Any:
    """What a pickle of Python 2 holds, keys as bytes. Only for files you trust: it runs code."""
    with Path(file).open("rb") as opened:
        return pickle.load(opened, encoding="bytes")


def fuse_single_conv_bn_pair(
    bn_mean: npt.ArrayLike,
    bn_var: npt.ArrayLike,
    bn_wts: npt.ArrayLike,
    bn_bias: npt.ArrayLike,
    conv_wts: npt.ArrayLike,
) -> tuple[Array, Array]:
    """Weights and bias of one convolution that does what convolution and batch norm did.

    Shapes  bn_* [channels]; conv_wts [channels, ...]; results like conv_wts and bn_bias.
    Dtypes  any float in; float64 out.
    Source  arXiv:1502.03167 section 3.1; epsilon as in torch.nn.BatchNorm2d.
    """
    mean, variance, gain, bias, weights = (
        np.asarray(each, np.float64) for each in (bn_mean, bn_var, bn_wts, bn_bias, conv_wts)
    )
    scale = gain / np.sqrt(variance + BATCH_NORM_EPSILON)
    fused = weights * scale.reshape(-1, *(1 for _ in weights.shape[1:]))
    return fused, bias - mean * scale


@dataclass(frozen=True)
class _Step:
    """One axis of a layout: a letter, and the size of its block, None for what is left."""

    letter: str
    size: int | None


class DataShaper:
    """Reorders matrices for the memory of kernels: `"YCXC8"` is rows, channels by 8, columns, 8.

    A letter stands for an axis of the matrix, a number after it for a block of that many elements;
    blocks of an axis nest, the rightmost innermost. `defOrder` names the axes as the matrix has
    them.
    """

    def __init__(self, defOrder: str = "RC", print_info: bool = False) -> None:
        self.default_order = defOrder
        self.print_info = print_info

    def reorder_mat(
        self, mat: npt.ArrayLike, order: str, defOrder: str | None = None, inverse: bool = False
    ) -> Array:
        """The matrix with its axes as in `order`; or, inverse, back from there as in defOrder."""
        plain = defOrder or self.default_order
        matrix = np.asarray(mat)
        steps = _steps(order, plain)
        if inverse:
            return self._from_order(matrix, steps, plain)
        sizes = dict(zip(plain, matrix.shape, strict=True))
        split = [(letter, _sizes(steps, letter, sizes[letter])) for letter in plain]
        blocks = matrix.reshape([size for _, each in split for size in each])
        moved = blocks.transpose(_axes(steps, [(letter, len(each)) for letter, each in split]))
        if self.print_info:
            print(f"{plain} {matrix.shape} -> {order} {moved.shape}")
        return np.ascontiguousarray(moved)

    def get_dim_steps(
        self,
        shape: Sequence[int],
        order: str,
        defOrder: str | None = None,
        bits: int = 8,
        ebs: int | None = None,
        sparse_ratio: int = 1,
    ) -> list[tuple[int, int]]:
        """(size, step in elements) of each axis of `order`, over a matrix of `shape`.

        bits, ebs, sparse_ratio: upstream's meaning is unknown here; only the defaults are taken.
        """
        if (bits, ebs, sparse_ratio) != (8, None, 1):
            raise UsageError(
                "get_dim_steps with bits, ebs or sparse_ratio",
                at=author_line(),
                because="what upstream makes of them is not known here",
            )
        plain = defOrder or self.default_order
        positions = np.arange(int(np.prod(shape))).reshape(tuple(shape))
        walked = self.reorder_mat(positions, order, plain)
        origin = (0,) * walked.ndim
        found = []
        for axis, size in enumerate(walked.shape):
            one = tuple(int(other == axis) for other in range(walked.ndim))
            found.append((size, int(walked[one] - walked[origin]) if size > 1 else 0))
        return found

    def _from_order(self, matrix: Array, steps: Sequence[_Step], plain: str) -> Array:
        letters = [(letter, sum(step.letter == letter for step in steps)) for letter in plain]
        gathered = matrix.transpose(np.argsort(_axes(steps, letters)))
        sizes, axis = [], 0
        for _, count in letters:
            sizes.append(int(np.prod(gathered.shape[axis : axis + count])))
            axis += count
        return np.ascontiguousarray(gathered.reshape(sizes))


def _steps(order: str, plain: str) -> list[_Step]:
    """The axes of a layout. Refuses letters that the matrix does not have, and missing ones."""
    steps = [
        _Step(letter, int(size) if size else None)
        for letter, size in re.findall(r"([A-Za-z])(\d*)", order)
    ]
    if {step.letter for step in steps} != set(plain) or any(
        sum(step.letter == letter and step.size is None for step in steps) != 1 for letter in plain
    ):
        raise UsageError(
            f"the order {order!r} of a matrix whose axes are {plain!r}",
            at=author_line(),
            because="each axis is named once without a number, and again for each block",
        )
    return steps


def _sizes(steps: Sequence[_Step], letter: str, whole: int) -> list[int]:
    """The sizes that an axis is split into, outermost first."""
    blocks = [step.size for step in steps if step.letter == letter and step.size is not None]
    block = int(np.prod(blocks, dtype=int))
    if whole % block:
        raise UsageError(
            f"axis {letter!r} of {whole} elements in blocks of {block}",
            at=author_line(),
            because="it is not whole blocks",
        )
    return [whole // block, *blocks]


def _axes(steps: Sequence[_Step], letters: Sequence[tuple[str, int]]) -> list[int]:
    """For each axis of the layout its place among the axes split letter by letter."""
    first: dict[str, int] = {}
    place = 0
    for letter, count in letters:
        first[letter] = place
        place += count
    taken = dict.fromkeys(first, 0)
    axes = []
    for step in steps:
        if step.size is None:
            axes.append(first[step.letter])
        else:
            taken[step.letter] += 1
            axes.append(first[step.letter] + taken[step.letter])
    return axes
