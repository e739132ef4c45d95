"""Softmax of a row: whole, hidden in part, and in pieces."""

from typing import Any

import ml_dtypes
import numpy as np

from aie_kernels.softmax_contracts import LANES, LOWEST, state_of
from ironbird.base.tolerance import Tolerance
from tests.kernels.fault_rows import OTHER_SIZES, Rng, Row, drawn_but, row
from tests.kernels.faults import (
    changed,
    halves_swapped,
    truncated,
    without_addends,
)


def equal_shares(rng: Rng, count: int = 1024) -> Any:
    """1,017 equal numbers, whose shares are 0.88 of a step above 2^-10, among the lowest."""
    x = np.full(count, LOWEST)
    x[rng.permutation(count)[:1017]] = 0
    return x.astype(ml_dtypes.bfloat16)


def state(rng: Rng) -> Any:
    """What is known of a row whose largest element is above those drawn."""
    return state_of(5 + rng.random(), rng.uniform(1, 20, LANES)).astype(np.float32)


PAIRS = "pairs keep what truncation takes away"

SOFTMAX_ROWS: dict[str, Row] = {
    "softmax_bf16": row(
        inputs_to_truncate=drawn_but(lambda rng: {"x": equal_shares(rng)}),
        halves_swapped=halves_swapped("x"),
        truncated=truncated,
    ),
    "softmax_prefix_bf16": row(
        drawn_but(lambda _: {"valid_count": np.full(8, 1500, np.int32)}),
        inputs_to_truncate=drawn_but(
            lambda rng: {"x": equal_shares(rng, 1536), "valid_count": np.full(8, 1536, np.int32)}
        ),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("x"),
        truncated=truncated,
        addends_missing=changed(valid_count=lambda _: np.full(8, 1536, np.int32)),
    ),
    "softmax_masked_bf16": row(
        inputs_to_truncate=drawn_but(
            lambda rng: {"x": equal_shares(rng), "mask": np.zeros(1024, ml_dtypes.bfloat16)}
        ),
        operands_swapped="its operands are added, and commute",
        halves_swapped=halves_swapped("mask"),
        truncated=truncated,
        addends_missing=without_addends("mask"),
    ),
    "softmax_begin_f32": row(result_of_the_call_before="it has one result"),
    "softmax_fold_bf16_f32": row(
        drawn_but(lambda rng: {"state": state(rng)}),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("state"),
        truncated=PAIRS,
        addends_missing=without_addends("state"),
    ),
    "softmax_merge_f32": row(
        drawn_but(lambda rng: {"other": state(rng), "state": state(rng)}),
        operands_swapped="merging commutes",
        halves_swapped=halves_swapped("other"),
        truncated=PAIRS,
    ),
    "softmax_shares_bf16": row(
        drawn_but(lambda rng: {"state": state(rng)}),
        closer={
            "y": Tolerance(
                relative_l2=2.3e-3,
                evidence="measured on normal rows: 1.5e-3, truncated 3.2e-3",
            )
        },
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("x"),
        truncated=truncated,
    ),
}
