"""What Hypothesis lacks: bfloat16 values, drawn by rank, and arrays of small integers.

Hypothesis has no bfloat16 and numpy's `finfo` refuses it, so values are drawn as ordinals: rank 0
is zero and neighbouring ranks are one unit in the last place apart.
"""

import ml_dtypes
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

LARGEST_FINITE_BFLOAT16 = 0x7F7F
"""The rank of the largest finite bfloat16, 3.39e38."""


def from_ordinal(rank: npt.NDArray[np.int32]) -> npt.NDArray[np.generic]:
    """bfloat16 values of the given ranks; shape as given."""
    sign = np.where(rank < 0, 0x8000, 0)
    return (np.abs(rank) | sign).astype(np.uint16).view(ml_dtypes.bfloat16)


def rank_of(value: float) -> int:
    """The rank of the bfloat16 nearest to a positive `value`."""
    return int(np.asarray(value, dtype=ml_dtypes.bfloat16).view(np.uint16))


def finite_bfloat16(
    shape: tuple[int, ...], *, largest: int = LARGEST_FINITE_BFLOAT16, smallest: int = 0
) -> st.SearchStrategy[npt.NDArray[np.generic]]:
    """bfloat16 arrays of rank -largest..largest, subnormals included; shrinks towards zeros.

    smallest: non-zero values have at least this rank (0x0080 leaves the subnormals out).
    """
    ranks = hnp.arrays(np.int32, shape, elements=st.integers(-largest, largest))
    return ranks.map(lambda rank: from_ordinal(np.where(np.abs(rank) < smallest, 0, rank)))


def integers(
    dtype: type[np.signedinteger], shape: tuple[int, ...], largest: int | None = None
) -> st.SearchStrategy[npt.NDArray[np.generic]]:
    """Integer arrays over the whole type, or -largest..largest."""
    limits = np.iinfo(dtype)
    low, high = (limits.min, limits.max) if largest is None else (-largest, largest)
    return hnp.arrays(dtype, shape, elements=st.integers(low, high))


def seeded_bfloat16(
    shape: tuple[int, ...], *, scale: float = 1.0
) -> st.SearchStrategy[npt.NDArray[np.generic]]:
    """Normally distributed bfloat16 arrays, for shapes too large to draw every element."""

    def draw(seed: int) -> npt.NDArray[np.generic]:
        values = np.random.default_rng(seed).standard_normal(shape) * scale
        return values.astype(ml_dtypes.bfloat16)

    return st.integers(0, 2**32 - 1).map(draw)
