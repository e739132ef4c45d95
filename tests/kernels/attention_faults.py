"""The calls of which attention is made."""

from typing import Any

import ml_dtypes
import numpy as np

from aie_kernels.attention_i8_contracts import SIDE, packed_steps
from ironbird.base.tolerance import Tolerance
from tests.kernels.fault_rows import OTHER_SIZES, STACK_OVERFLOWS, Rng, Row, drawn_but, row
from tests.kernels.faults import (
    Fault,
    blocks_transposed,
    changed,
    halves_swapped,
    operands_swapped,
    truncated,
    without_addends,
)

LOWEST = -3.3895314e38
PIECE_BLOCKS = (32, 64, (4, 8))
CONSTANT_SCALE = "its scale is a constant of its source"


def begun(rng: Rng) -> dict[str, Any]:
    """The state after the beginning: no key has been seen."""
    return {
        "queries": (rng.standard_normal(4096) / 8).astype(ml_dtypes.bfloat16),
        "reference": np.full(256, LOWEST, np.float32),
        "sums": np.zeros(256, np.float32),
        "accumulated": np.zeros(4096, np.float32),
    }


SUMS = {
    "sums": Tolerance(
        relative_l2=1.5e-3, evidence="measured on normal queries and keys: 7e-4, truncated 2.5e-3"
    )
}


def packed_int8(rng: Rng) -> dict[str, Any]:
    """Queries, keys and values of many steps, with weights of many sizes."""
    packed = (rng.standard_normal(3 * SIDE * SIDE) * 40).round().clip(-128, 127).astype(np.int8)
    return {"packed": packed, "steps": packed_steps(1 / 40, 1 / 40, 1 / 40, 1 / 160)}


def thirds(*order: int) -> Fault:
    """Queries, keys and values in another order."""
    return changed(
        packed=lambda packed: np.concatenate([np.split(packed, 3)[number] for number in order])
    )


def ratio_times(factor: float) -> Fault:
    """What a step of values is in steps of the result is another."""
    factors = np.array([1, factor, 1, 1, 1, 1, 1, 1], np.float32)
    return changed(steps=lambda steps: steps * factors)


ATTENTION_ROWS: dict[str, Row] = {
    "attention_begin_bf16": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("piece"),
        blocks_transposed=blocks_transposed("piece", *PIECE_BLOCKS),
        shift_up=CONSTANT_SCALE,
        shift_down=CONSTANT_SCALE,
    ),
    "attention_length_bf16_i32": row(halves_swapped=halves_swapped("piece")),
    "attention_weights_bf16": row(
        drawn_but(begun),
        closer=SUMS,
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("keys"),
        blocks_transposed=blocks_transposed("keys", *PIECE_BLOCKS),
        truncated=truncated,
        stack_of_1_kib=STACK_OVERFLOWS,
    ),
    "attention_weights_masked_bf16": row(
        drawn_but(begun),
        closer=SUMS,
        operands_swapped=operands_swapped("keys", "mask"),
        halves_swapped=halves_swapped("keys"),
        blocks_transposed=blocks_transposed("keys", *PIECE_BLOCKS),
        truncated=truncated,
        addends_missing=without_addends("mask"),
        stack_of_1_kib=STACK_OVERFLOWS,
    ),
    "attention_accumulate_bf16_f32": row(
        operands_swapped=operands_swapped("values", "weights"),
        halves_swapped=halves_swapped("values"),
        blocks_transposed=blocks_transposed("values", *PIECE_BLOCKS),
        addends_missing=without_addends("accumulated"),
    ),
    "attention_finish_f32_bf16": row(
        drawn_but(lambda rng: {"sums": rng.uniform(1, 100, 256).astype(np.float32)}),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("accumulated"),
        blocks_transposed="its blocks are those of attention_accumulate",
        truncated=truncated,
    ),
    "attention_i8": row(
        drawn_but(packed_int8),
        closer={
            "y": Tolerance(
                relative_l2=1.5e-3, evidence="measured on normal inputs: 8e-4, truncated 2.7e-3"
            )
        },
        operands_swapped=thirds(0, 2, 1),
        halves_swapped=halves_swapped("packed"),
        blocks_transposed=blocks_transposed("packed", SIDE, SIDE, (4, 8)),
        truncated=truncated,
        shift_up=ratio_times(2),
        shift_down=ratio_times(0.5),
        stack_of_1_kib=STACK_OVERFLOWS,
    ),
}
