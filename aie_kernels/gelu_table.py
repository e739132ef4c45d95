"""Writes gelu_table.hpp: how many bfloat16 steps gelu(x) lies nearer to zero than x.

Counted in steps (the bits read as an integer) the result is exact: every bfloat16 gets the
bfloat16 nearest to its GELU. The table is a file, so that a reader sees what a core holds; a test
holds the file to this module.
"""

import math
from pathlib import Path

import ml_dtypes
import numpy as np
import numpy.typing as npt

HEADER = Path(__file__).with_name("gelu_table.hpp")

FIRST_RANK = 0x3B00
"""The bits of 2^-9. Below it gelu(x) rounds to x / 2: 128 steps, as in the first entry."""

LAST_RANK = 0x4157
"""The bits of 13.4375. Above it gelu(x) is x or 0, as in the last entry."""

SMALLEST_NORMAL = 2.0**-126
"""Results below it are flushed (AM020 ch4)."""

ALL_STEPS = 0x7FFF
"""More than any finite number is away from zero."""


def gelu_reference(x: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """x Phi(x), Phi the normal distribution function; its limits at the infinities.

    Shapes  any; result as x.
    Dtypes  any float in; float64 inside and out.
    Errors  those of erfc in double precision.
    Source  arXiv:1606.08415, the exact form.
    """
    wide = np.asarray(x).astype(np.float64)
    values = [
        -0.0 if number == -math.inf else number * math.erfc(-number / math.sqrt(2)) / 2
        for number in wide.ravel().tolist()
    ]
    return np.array(values).reshape(wide.shape)


def steps_towards_zero(sign: int) -> npt.NDArray[np.int16]:
    """The steps of FIRST_RANK..LAST_RANK for positive (1) or negative (-1) x."""
    ranks = np.arange(FIRST_RANK, LAST_RANK + 1, dtype=np.uint16)
    results = np.abs(gelu_reference(sign * ranks.view(ml_dtypes.bfloat16).astype(np.float64)))
    rounded = results.astype(ml_dtypes.bfloat16)
    steps = ranks.astype(np.int16) - rounded.view(np.uint16).astype(np.int16)
    return np.where(rounded.astype(np.float64) < SMALLEST_NORMAL, ALL_STEPS, steps).astype(np.int16)


def header() -> str:
    """The text of gelu_table.hpp."""
    return (
        "// Written by `python -m aie_kernels.gelu_table`: how many bf16 steps GELU is nearer to\n"
        "// zero than x, by the bits of its magnitude: every bf16 from 2^-9 to 13.4375.\n"
        "#pragma once\n\n#include <cstdint>\n\n"
        f"constexpr int16_t gelu_first_rank = 0x{FIRST_RANK:04x};\n"
        f"constexpr int16_t gelu_last_rank = 0x{LAST_RANK:04x};\n"
        "constexpr int16_t gelu_rank_count = gelu_last_rank - gelu_first_rank + 1;\n\n"
        "// clang-format off\n"
        "constexpr int16_t gelu_steps[2 * gelu_rank_count] = {\n"
        f"    // positive\n{_rows(steps_towards_zero(1))}\n"
        f"    // negative\n{_rows(steps_towards_zero(-1))}\n"
        "};\n// clang-format on\n"
    )


def _rows(numbers: npt.NDArray[np.int16]) -> str:
    words = [str(number) for number in numbers]
    return "\n".join(
        "    " + ", ".join(words[first : first + 16]) + "," for first in range(0, len(words), 16)
    )


if __name__ == "__main__":
    HEADER.write_text(header())
