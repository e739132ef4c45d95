"""Matrix products, what they start from, and what follows them."""

from typing import Any

import numpy as np

from aie_kernels.blocks import blocked
from aie_kernels.contract import KernelContract
from aie_kernels.mm_begin_contracts import bias_rows
from aie_kernels.mm_contracts import BLOCKS
from aie_kernels.mv_contracts import MV_BLOCKS
from tests.kernels.fault_rows import OTHER_SIZES, Rng, Row, drawn, drawn_but, row
from tests.kernels.faults import (
    blocks_transposed,
    halves_swapped,
    operands_swapped,
    truncated,
    without_addends,
)


def near_a_power_of_two(contract: KernelContract, rng: Rng) -> dict[str, Any]:
    """Sums just above one, of which truncation takes away the largest share."""
    given = drawn(contract, rng)
    if "residual" in given:
        given["residual"] = np.zeros_like(given["residual"])
    return given | {"c": rng.uniform(1, 1.05, given["c"].shape).astype(np.float32)}


def biases(rng: Rng) -> dict[str, Any]:
    """64 biases as the tile that a product starts from."""
    return {"bias": blocked(bias_rows(rng.standard_normal(64), 64), 8, 4).reshape(-1)}


MV_BLOCK = MV_BLOCKS["bf16", "f32"]

PRODUCT_ROWS: dict[str, Row] = {
    **{
        f"mm_{type_in}_{type_out}": row(
            operands_swapped=operands_swapped("a", "b"),
            halves_swapped=halves_swapped("a"),
            blocks_transposed=blocks_transposed("a", 64, 64, (block.rows, block.depth)),
            addends_missing=without_addends("c"),
        )
        for (type_in, type_out), block in BLOCKS.items()
    },
    "mm_begin_bf16_f32": row(
        drawn_but(biases),
        halves_swapped=halves_swapped("bias"),
        blocks_transposed=blocks_transposed("bias", 64, 64, (8, 4)),
        addends_missing=without_addends("bias"),
    ),
    "mm_finish_f32_bf16": row(
        inputs_to_truncate=near_a_power_of_two,
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 4)),
        truncated=truncated,
    ),
    "mm_finish_residual_f32_bf16": row(
        inputs_to_truncate=near_a_power_of_two,
        operands_swapped="its operands have different types",
        halves_swapped=halves_swapped("residual"),
        blocks_transposed=blocks_transposed("residual", 64, 64, (4, 8)),
        truncated=truncated,
        addends_missing=without_addends("residual"),
    ),
    "mm_finish_gelu_f32_bf16": row(
        inputs_to_truncate=drawn_but(
            lambda rng: {"c": rng.uniform(64, 66, 4096).astype(np.float32)}
        ),
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 4)),
        truncated=truncated,
    ),
    "mv_bf16_f32": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("x"),
        blocks_transposed=blocks_transposed("weights", 64, 64, (MV_BLOCK.rows, MV_BLOCK.depth)),
        addends_missing=without_addends("y"),
    ),
}
