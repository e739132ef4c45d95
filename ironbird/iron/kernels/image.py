"""Kernels on one row of an image: uint8 elements, or pixels of four of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ironbird.base.tolerance import EXACT
from ironbird.iron.kernels.contract import Array, KernelContract, number, taken, written
from ironbird.iron.kernels.library_kernel import LibraryKernel, array, check_whole

_FILTER_FRACTION_BITS = 12
_WEIGHT_FRACTION_BITS = 14


def threshold(tile_size: int = 1024) -> LibraryKernel:
    """`threshold(x, y, n, threshold, largest, mode)`; see `threshold_ref` for the modes."""
    check_whole(tile_size, 32, of="threshold")
    row = array(tile_size, np.uint8)
    return LibraryKernel(
        f"threshold_u8_{tile_size}",
        "threshold.cc",
        [row, row, np.int32, np.int16, np.int16, np.int8],
        KernelContract(
            params=(
                taken("x"),
                written("y"),
                number("n", tile_size),
                number("threshold", 100),
                number("largest", 200),
                number("mode", 0),
            ),
            reference=lambda x, n, threshold, largest, mode: threshold_ref(
                x, threshold, largest, mode
            ),
            tolerance=EXACT,
            operations=tile_size,
        ),
        {},
    )


def bitwise_and(tile_size: int = 1024) -> LibraryKernel:
    """`bitwise_and(x, y, z, n)`."""
    return _bitwise("bitwise_and", "both", bitwise_and_ref, tile_size)


def bitwise_or(tile_size: int = 1024) -> LibraryKernel:
    """`bitwise_or(x, y, z, n)`."""
    return _bitwise("bitwise_or", "either", bitwise_or_ref, tile_size)


def gray2rgba(width: int = 256) -> LibraryKernel:
    """`gray2rgba(gray, rgba, pixels)`."""
    return _colour("gray2rgba", gray2rgba_ref, width, 1, 4)


def rgba2gray(width: int = 256) -> LibraryKernel:
    """`rgba2gray(rgba, gray, pixels)`."""
    return _colour("rgba2gray", rgba2gray_ref, width, 4, 1)


def rgba2hue(width: int = 256) -> LibraryKernel:
    """`rgba2hue(rgba, hue, pixels)`."""
    return _colour("rgba2hue", rgba2hue_ref, width, 4, 1)


def filter2d(width: int = 256) -> LibraryKernel:
    """`filter2d(above, here, below, y, weights)`: a 3x3 filter in 4.12 fixed point."""
    row = array(width, np.uint8)
    return LibraryKernel(
        f"filter2d_u8_{width}",
        "filter2d.cc",
        [row, row, row, row, array(9, np.int16)],
        KernelContract(
            params=(
                taken("above"),
                taken("here"),
                taken("below"),
                written("y"),
                taken("weights", -4096, 4096),
            ),
            reference=filter2d_ref,
            tolerance=EXACT,
            operations=18 * width,
        ),
        {"WIDTH": width},
    )


def add_weighted(tile_size: int = 1024) -> LibraryKernel:
    """`add_weighted(x, y, z, n, alpha, beta, gamma)`; alpha and beta in 2.14 fixed point."""
    row = array(tile_size, np.uint8)
    return LibraryKernel(
        f"add_weighted_u8_{tile_size}",
        "add_weighted.cc",
        [row, row, row, np.int32, np.int16, np.int16, np.int16],
        KernelContract(
            params=(
                taken("x"),
                taken("y"),
                written("z"),
                number("n", tile_size),
                number("alpha", 12288),
                number("beta", 8192),
                number("gamma", -20),
            ),
            reference=lambda x, y, n, alpha, beta, gamma: add_weighted_ref(
                x, y, alpha, beta, gamma
            ),
            tolerance=EXACT,
            operations=4 * tile_size,
        ),
        {},
    )


def threshold_ref(x: Array, threshold: int, largest: int, mode: int) -> Array:
    """mode: 0 largest or 0; 1 0 or largest; 2 cut at the threshold; 3 x or 0; 4 0 or x.

    The first of each pair is for elements above the threshold.
    """
    above = x > threshold
    pairs: list[tuple[Any, Any]] = [
        (largest, 0),
        (0, largest),
        (threshold, x),
        (x, 0),
        (0, x),
    ]
    if_above, otherwise = pairs[mode]
    return np.asarray(np.where(above, if_above, otherwise), dtype=np.uint8)


def bitwise_and_ref(x: Array, y: Array) -> Array:
    """x & y."""
    return np.asarray(x & y)


def bitwise_or_ref(x: Array, y: Array) -> Array:
    """x | y."""
    return np.asarray(x | y)


def gray2rgba_ref(gray: Array) -> Array:
    """Flat [4 * pixels]: r = g = b = gray, a = 255."""
    opaque = np.full_like(gray, 255)
    return np.stack([gray, gray, gray, opaque], axis=-1).reshape(-1)


def rgba2gray_ref(rgba: Array) -> Array:
    """[pixels]: (77 r + 150 g + 29 b + 128) / 256. Source  ITU-R BT.601's weights in 256ths."""
    red, green, blue, _ = rgba.reshape(-1, 4).astype(np.int32).T
    return ((77 * red + 150 * green + 29 * blue + 128) >> 8).astype(np.uint8)


def rgba2hue_ref(rgba: Array) -> Array:
    """[pixels]: the angle on the colour wheel in 2 degrees, 0 to 179; gray has 0."""
    red, green, blue, _ = rgba.reshape(-1, 4).astype(np.int64).T
    most = np.maximum(red, np.maximum(green, blue))
    spread = most - np.minimum(red, np.minimum(green, blue))
    step = np.maximum(spread, 1)
    sectors = [
        _towards_zero(30 * (green - blue), step),
        60 + _towards_zero(30 * (blue - red), step),
        120 + _towards_zero(30 * (red - green), step),
    ]
    hue = np.select([most == red, most == green], sectors[:2], sectors[2])
    return np.where(spread == 0, 0, np.where(hue < 0, hue + 180, hue)).astype(np.uint8)


def filter2d_ref(above: Array, here: Array, below: Array, weights: Array) -> Array:
    """[width]: the weighted sum of nine neighbours, edges repeated, over 2^12, within 0..255."""
    rows = np.stack([np.pad(row.astype(np.int64), 1, mode="edge") for row in (above, here, below)])
    taps = weights.astype(np.int64).reshape(3, 3)
    width = here.size
    total = sum(
        taps[row, step] * rows[row, step : step + width] for row in range(3) for step in range(3)
    )
    return np.asarray(np.clip(total >> _FILTER_FRACTION_BITS, 0, 255), dtype=np.uint8)


def add_weighted_ref(x: Array, y: Array, alpha: int, beta: int, gamma: int) -> Array:
    """alpha x + beta y + gamma within 0..255; alpha and beta in 2.14 fixed point."""
    products = alpha * x.astype(np.int64) + beta * y.astype(np.int64)
    whole = (products >> _WEIGHT_FRACTION_BITS) + gamma
    return np.asarray(np.clip(whole, 0, 255), dtype=np.uint8)


def _towards_zero(numerator: Array, denominator: Array) -> Array:
    return np.asarray(np.sign(numerator) * (np.abs(numerator) // denominator))


def _bitwise(
    name: str, operation: str, reference: Callable[[Array, Array], Array], tile_size: int
) -> LibraryKernel:
    check_whole(tile_size, 32, of=name)
    row = array(tile_size, np.uint8)
    return LibraryKernel(
        f"{name}_u8_{tile_size}",
        "binary.cc",
        [row, row, row, np.int32],
        KernelContract(
            params=(taken("x"), taken("y"), written("z"), number("n", tile_size)),
            reference=lambda x, y, n: reference(x, y),
            tolerance=EXACT,
            operations=tile_size,
        ),
        {"TYPE": "uint8_t", "OPERATION": operation},
    )


def _colour(
    name: str, reference: Callable[[Array], Array], width: int, bytes_in: int, bytes_out: int
) -> LibraryKernel:
    return LibraryKernel(
        f"{name}_{width}",
        "colour.cc",
        [array(bytes_in * width, np.uint8), array(bytes_out * width, np.uint8), np.int32],
        KernelContract(
            params=(taken("x"), written("y"), number("pixels", width)),
            reference=lambda x, pixels: reference(x),
            tolerance=EXACT,
            operations=5 * width,
        ),
        {"CONVERSION": name},
    )
