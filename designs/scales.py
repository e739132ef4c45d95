"""The scales of quantised tensors that kernels accept."""

import numpy as np

from aie_kernels.mv_w8a8_contracts import LARGEST_SCALE, SMALLEST_SCALE
from designs.case import Array
from ironbird.base.errors import UsageError


def check_scales(name: str, scales: Array) -> None:
    """Raise UsageError for the first that is zero, negative, NaN or out of range."""
    wrong = ~((scales >= SMALLEST_SCALE) & (scales <= LARGEST_SCALE))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise UsageError(
            f"{name}[{first}] is {scales[first]:g}",
            because=f"a scale is a number from {SMALLEST_SCALE:g} to {LARGEST_SCALE:g}",
            fix="the largest magnitude of the row over 127, and 1 for a row of zeros",
        )
