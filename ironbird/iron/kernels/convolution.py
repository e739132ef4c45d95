"""Convolutions of one row of an image in channels of eight, requantised to 8 bits.

Rows lie as [channels / 8][width][8], weights as [out / 8][in / 8](taps)[8 in][8 out].
"""

from typing import Any

import numpy as np

from ironbird.base.tolerance import EXACT
from ironbird.iron.kernels.contract import Array, KernelContract, number, taken, written
from ironbird.iron.kernels.library_kernel import (
    LibraryKernel,
    array,
    check_dtype,
    check_whole,
    cxx_type,
)

_SHIFT = 8


def conv2dk1(
    width: int = 32, in_channels: int = 64, out_channels: int = 64, dtype: Any = np.uint8
) -> LibraryKernel:
    """`conv2dk1(x, weights, y, scale)`: 1x1, uint8 (or int8) into uint8."""
    return _conv2dk1("conv2dk1", width, in_channels, out_channels, dtype, np.uint8)


def conv2dk1_i8(width: int = 32, in_channels: int = 64, out_channels: int = 64) -> LibraryKernel:
    """`conv2dk1_i8(x, weights, y, scale)`: 1x1, int8 into int8."""
    return _conv2dk1("conv2dk1_i8", width, in_channels, out_channels, np.int8, np.int8)


def conv2dk3(
    width: int = 32, in_channels: int = 64, out_channels: int = 64, dtype: Any = np.uint8
) -> LibraryKernel:
    """`conv2dk3(above, here, below, weights, y, edge, scale)`: 3x3, into uint8.

    edge: 0 where nothing lies above the row, 2 where nothing lies below, else 1.
    """
    name = check_dtype(dtype, ("ui8", "i8"), of="conv2dk3").name
    _check_sizes("conv2dk3", width, in_channels, out_channels, 1)
    row = array(width * in_channels, dtype)
    return LibraryKernel(
        f"conv2dk3_{name}_{width}x{in_channels}x{out_channels}",
        "conv2dk3.cc",
        [
            row,
            row,
            row,
            array(9 * in_channels * out_channels, np.int8),
            array(width * out_channels, np.uint8),
            np.int32,
            np.int32,
        ],
        KernelContract(
            params=(
                taken("above"),
                taken("here"),
                taken("below"),
                taken("weights", -8, 8),
                written("y"),
                number("edge", 1),
                number("scale", _SHIFT),
            ),
            reference=lambda above, here, below, weights, edge, scale: conv2dk3_ref(
                above, here, below, weights, edge, scale, in_channels, out_channels
            ),
            tolerance=EXACT,
            operations=18 * width * in_channels * out_channels,
        ),
        _defines(width, in_channels, out_channels, dtype),
    )


def conv2dk1_ref(
    x: Array,
    weights: Array,
    scale: int,
    in_channels: int,
    out_channels: int,
    output_dtype: Any = np.uint8,
) -> Array:
    """Flat row of `output_dtype`, in channels of eight."""
    taps = weights.reshape(out_channels // 8, in_channels // 8, 8, 8).astype(np.int64)
    row = x.reshape(in_channels // 8, -1, 8).astype(np.int64)
    return _requantised(np.einsum("iwc,oicd->owd", row, taps), scale, output_dtype)


def conv2dk3_ref(
    above: Array,
    here: Array,
    below: Array,
    weights: Array,
    edge: int,
    scale: int,
    in_channels: int,
    out_channels: int,
) -> Array:
    """Flat row of uint8, in channels of eight; zeros beyond the sides."""
    taps = weights.reshape(out_channels // 8, in_channels // 8, 3, 3, 8, 8).astype(np.int64)
    rows = np.stack(
        [each.reshape(in_channels // 8, -1, 8).astype(np.int64) for each in (above, here, below)]
    )
    rows[0] *= edge != 0
    rows[2] *= edge != 2
    padded = np.pad(rows, ((0, 0), (0, 0), (1, 1), (0, 0)))
    width = rows.shape[2]
    total = sum(
        np.einsum("iwc,oicd->owd", padded[r, :, s : s + width], taps[:, :, r, s])
        for r in range(3)
        for s in range(3)
    )
    return _requantised(np.asarray(total), scale, np.uint8)


def _conv2dk1(
    of: str, width: int, in_channels: int, out_channels: int, dtype: Any, output_dtype: Any
) -> LibraryKernel:
    name = check_dtype(dtype, ("ui8", "i8"), of=of).name
    _check_sizes(of, width, in_channels, out_channels, 4)
    return LibraryKernel(
        f"{of}_{name}_{width}x{in_channels}x{out_channels}",
        "conv2dk1.cc",
        [
            array(width * in_channels, dtype),
            array(in_channels * out_channels, np.int8),
            array(width * out_channels, output_dtype),
            np.int32,
        ],
        KernelContract(
            params=(
                taken("x"),
                taken("weights", -8, 8),
                written("y"),
                number("scale", _SHIFT),
            ),
            reference=lambda x, weights, scale: conv2dk1_ref(
                x, weights, scale, in_channels, out_channels, output_dtype
            ),
            tolerance=EXACT,
            operations=2 * width * in_channels * out_channels,
        ),
        {
            **_defines(width, in_channels, out_channels, dtype),
            "TYPE_OUT": cxx_type(output_dtype),
        },
    )


def _check_sizes(of: str, width: int, in_channels: int, out_channels: int, step: int) -> None:
    check_whole(width, step, of=of, name="width")
    check_whole(in_channels, 8, of=of, name="in_channels")
    check_whole(out_channels, 8, of=of, name="out_channels")


def _defines(width: int, in_channels: int, out_channels: int, dtype: Any) -> dict[str, object]:
    return {
        "WIDTH": width,
        "IN_CHANNELS": in_channels,
        "OUT_CHANNELS": out_channels,
        "TYPE": cxx_type(dtype),
    }


def _requantised(total: Array, scale: int, dtype: Any) -> Array:
    """Shifted right, half up, and held to the range of `dtype`; flat."""
    half = (1 << scale) >> 1
    limits = np.iinfo(dtype)
    held = np.clip((total + half) >> scale, limits.min, limits.max)
    return np.asarray(held, dtype=dtype).reshape(-1)
