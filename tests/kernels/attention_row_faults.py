"""The calls of which a decoder's attention is made."""

from typing import Any

import ml_dtypes
import numpy as np

from aie_kernels.attention_row_contracts import bounds_of, query_in_copies, values_in_copies
from ironbird.base.tolerance import Tolerance
from tests.kernels.fault_rows import OTHER_SIZES, Rng, Row, drawn_but, row
from tests.kernels.faults import blocks_transposed, halves_swapped, truncated, without_addends

CONSTANT_SCALE = "its scale is a constant of its source"


def under_way(rng: Rng) -> dict[str, Any]:
    """The state after some keys, and 17 of the next piece that are seen."""
    return {
        "queries": query_in_copies((rng.standard_normal(64) / 8).astype(ml_dtypes.bfloat16)),
        "bounds": bounds_of(np.full(4, 3), np.full(4, 20), 64).reshape(-1),
        "reference": np.full(16, 0.5, np.float32),
        **sums_and_values(rng),
    }


def sums_and_values(rng: Rng) -> dict[str, Any]:
    """Of four keys modulo 4 and 64 columns, in four copies."""
    return {
        "sums": np.repeat(rng.uniform(1, 3, 4), 4).astype(np.float32),
        "accumulated": values_in_copies(rng.standard_normal(64).astype(np.float32)),
    }


ONE_QUERY_ROWS: dict[str, Row] = {
    "attention_row_begin_bf16": row(
        halves_swapped=halves_swapped("rows"),
        shift_up=CONSTANT_SCALE,
        shift_down=CONSTANT_SCALE,
    ),
    "attention_row_append_bf16": row(halves_swapped=halves_swapped("rows")),
    "attention_row_fold_bf16_f32": row(
        drawn_but(under_way),
        closer={
            "sums": Tolerance(
                relative_l2=8e-4,
                evidence="measured on normal queries and keys: 2e-4 to 4.4e-4, truncated 1.06e-3 "
                "and more",
            )
        },
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("piece"),
        blocks_transposed=blocks_transposed("piece", 32, 128, (4, 8)),
        truncated=truncated,
        addends_missing=without_addends("accumulated"),
    ),
    "attention_row_finish_f32_bf16": row(
        drawn_but(sums_and_values),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("accumulated"),
        blocks_transposed="its blocks are those of attention_row_fold",
        truncated=truncated,
    ),
}
