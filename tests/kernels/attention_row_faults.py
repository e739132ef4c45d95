"""Faults of a decoder's attention: lines of the table in fault_table.py."""

from typing import Any

import ml_dtypes
import numpy as np

from aie_kernels.attention_row_contracts import LOWEST, bounds_of, query_in_copies
from ironbird.base.tolerance import Tolerance
from tests.kernels.fault_rows import OTHER_SIZES, Rng, Row, drawn_but, row
from tests.kernels.faults import blocks_transposed, changed, halves_swapped, truncated

CONSTANT_SCALE = "its scale is a constant of its source"


def begun(rng: Rng) -> dict[str, Any]:
    """A query, no key seen, and bounds between which 20 keys of the piece stand."""
    first, end = np.full(4, 5), np.full(4, 25)
    return {
        "queries": query_in_copies(rng.standard_normal(64) / 8).astype(ml_dtypes.bfloat16),
        "bounds": bounds_of(first, end, 64).reshape(-1),
        "reference": np.full(16, LOWEST, np.float32),
        "sums": np.zeros(16, np.float32),
        "accumulated": np.zeros(256, np.float32),
    }


def every_key_seen(bounds: Any) -> Any:
    """Bounds that hide no key of the piece."""
    return bounds_of(np.zeros(4), np.full(4, 32), 64).reshape(-1).astype(bounds.dtype)


ATTENTION_ROW_ROWS: dict[str, Row] = {
    "attention_row_begin_bf16": row(
        halves_swapped=halves_swapped("rows"),
        shift_up=CONSTANT_SCALE,
        shift_down=CONSTANT_SCALE,
    ),
    "attention_row_append_bf16": row(halves_swapped=halves_swapped("rows")),
    "attention_row_fold_bf16_f32": row(
        drawn_but(begun),
        closer={
            "sums": Tolerance(
                relative_l2=1.5e-3, evidence="measured on normal inputs: 4e-4, truncated 3.1e-3"
            )
        },
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("piece"),
        blocks_transposed=blocks_transposed("piece", 32, 128, (4, 8)),
        truncated=truncated,
        addends_missing=changed(bounds=every_key_seen),
    ),
    "attention_row_finish_f32_bf16": row(
        drawn_but(lambda rng: {"sums": np.repeat(rng.uniform(1, 100, 4), 4).astype(np.float32)}),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("accumulated"),
        blocks_transposed="its blocks are those of attention_row_fold",
        truncated=truncated,
    ),
}
