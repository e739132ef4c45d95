"""The rows that every row kernel is held to, and the bar of whisper's kernels.

The bar: each element within 2 bf16 steps of the rounded reference or 2^-9 of its row's largest
magnitude, and the row as a whole within a relative L2 of 3e-3; where correct rounding alone is
further away, which it is where one element outweighs a row, within 1.1 times that.
"""

from collections.abc import Callable

import ml_dtypes
import numpy as np
import numpy.typing as npt

from ironbird.base.tolerance import bf16_ulp_distance

BFLOAT16 = ml_dtypes.bfloat16
LARGEST = 3.3895314e38
Row = npt.NDArray[np.float64]


def _one_channel_times_fifty(rng: np.random.Generator, width: int) -> Row:
    row = rng.standard_normal(width)
    row[width // 3] *= 50
    return row


def _both_extremes(rng: np.random.Generator, width: int) -> Row:
    return np.where(rng.random(width) < 0.5, -LARGEST, LARGEST)


DISTRIBUTIONS: dict[str, Callable[[np.random.Generator, int], Row]] = {
    "normal": lambda rng, width: rng.standard_normal(width),
    "fc1": lambda rng, width: rng.standard_normal(width) * 1.5 - 2 - rng.exponential(0.5, width),
    "one_channel_x50": _one_channel_times_fifty,
    "constant": lambda rng, width: np.full(width, rng.standard_normal() * 4),
    "extremes": _both_extremes,
    "subnormal": lambda rng, width: rng.uniform(-1e-38, 1e-38, width),
    "zero": lambda rng, width: np.zeros(width),
}


def drawn(name: str, seed: int, width: int) -> npt.NDArray[np.generic]:
    """One row [width] of the distribution called `name`, as bfloat16."""
    return DISTRIBUTIONS[name](np.random.default_rng(seed), width).astype(BFLOAT16)


def why_below_the_bar(result: npt.NDArray[np.generic], exact: Row) -> str | None:
    """What breaks the bar, or None if nothing does. Subnormal results are flushed (AM020 ch4)."""
    exact = np.where(np.abs(exact) < 2.0**-126, 0, exact)
    rounded = exact.astype(BFLOAT16)
    wide = result.astype(np.float64)
    if not np.isfinite(wide).all():
        return f"{np.count_nonzero(~np.isfinite(wide))} elements are not finite"
    largest = float(np.abs(exact).max())
    near = np.abs(wide - exact) <= 2.0**-9 * largest
    bad = ~near & (bf16_ulp_distance(result, rounded) > 2)
    if bad.any():
        place = int(np.argmax(bad))
        return f"element {place} is {wide[place]:g}, expected {exact[place]:g}"
    if largest == 0:
        return None
    relative_l2, of_rounding = (
        float(np.linalg.norm((values - exact) / largest) / np.linalg.norm(exact / largest))
        for values in (wide, rounded.astype(np.float64))
    )
    return None if relative_l2 <= max(3e-3, 1.1 * of_rounding) else f"relative L2 {relative_l2:g}"
