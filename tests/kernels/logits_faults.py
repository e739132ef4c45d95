"""Choosing among logits."""

from typing import Any

import numpy as np

from tests.kernels.fault_rows import COMMUTES, OTHER_SIZES, Rng, Row, drawn_but, row
from tests.kernels.faults import halves_swapped, without_addends


def best_lists(rng: Rng) -> dict[str, Any]:
    """Two lists of five ranks, falling, with the ids of two cores."""

    def of_core(first_id: int) -> Any:
        ranks, ids = -np.sort(rng.integers(-99, 99, 5)), first_id + rng.permutation(50)[:5]
        return np.concatenate([ranks, ids]).astype(np.int32)

    return {"theirs": of_core(0), "ours": of_core(50)}


LOGITS_ROWS: dict[str, Row] = {
    "rank_f32_i32": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("logits"),
        addends_missing=without_addends("forbidden"),
    ),
    "top_k_i32": row(halves_swapped=halves_swapped("ranks")),
    "top_k_merge_i32": row(
        drawn_but(best_lists),
        operands_swapped=COMMUTES,
        halves_swapped=halves_swapped("theirs"),
    ),
}
