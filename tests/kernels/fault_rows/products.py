"""Matrix products, what they start from, and what follows them."""

from typing import Any

import numpy as np

from aie_kernels.blocks import blocked
from aie_kernels.contract import Array, KernelContract
from aie_kernels.mm_begin_contracts import bias_rows
from aie_kernels.mm_contracts import BLOCKS
from aie_kernels.mv_contracts import MV_BLOCKS
from aie_kernels.mv_w8a8_contracts import W8A8_BLOCKS, packed_tile
from tests.kernels.fault_row import OTHER_SIZES, OTHER_TYPES, Rng, drawn, drawn_but, row
from tests.kernels.faults import (
    Fault,
    blocks_transposed,
    changed,
    float_tail_doubled,
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


def packed_tiles(rng: Rng) -> dict[str, Any]:
    """64 outputs and 8 rows of a depth of 64, and sums as of ten pieces."""

    def tile(rows: int, block_rows: int) -> Array:
        numbers = rng.integers(-128, 128, (rows, 64), np.int8)
        return packed_tile(numbers, rng.uniform(0.5, 2, rows), block_rows)

    return {
        "weights": tile(64, W8A8_BLOCKS.rows),
        "x": tile(8, W8A8_BLOCKS.columns),
        "sums": rng.integers(-(10**6), 10**6, 512).astype(np.int32),
    }


def scales_times(power: int) -> Fault:
    """The floats behind the int8 weights of mv_scale, whose depth and outputs are 64."""
    return changed(weights=float_tail_doubled(power, 64 * 64))


MV_BLOCK = MV_BLOCKS["bf16", "f32"]

ROWS = {
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
        operands_swapped=OTHER_TYPES,
        halves_swapped=halves_swapped("residual"),
        blocks_transposed=blocks_transposed("residual", 64, 64, (4, 8)),
        truncated=truncated,
        addends_missing=without_addends("residual"),
    ),
    "mm_finish_gelu_f32_bf16": row(
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 4)),
        truncated=truncated,
    ),
    "mm_requantise_i32_i8": row(
        drawn_but(
            lambda rng: {
                "c": rng.integers(-4000, 4000, 4096).astype(np.int32),
                "multipliers": rng.integers(200, 1000, 64).astype(np.int16),
            }
        ),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("multipliers"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 8)),
        truncated=truncated,
        shift_up=changed(shift=lambda shift: shift + 1),
        shift_down=changed(shift=lambda shift: shift - 1),
    ),
    "mv_bf16_f32": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("x"),
        blocks_transposed=blocks_transposed("weights", 64, 64, (MV_BLOCK.rows, MV_BLOCK.depth)),
        addends_missing=without_addends("y"),
    ),
    "mv_i8_i32": row(
        drawn_but(packed_tiles),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("weights"),
        blocks_transposed=blocks_transposed(
            "weights", 64, 64, (W8A8_BLOCKS.rows, W8A8_BLOCKS.depth)
        ),
        addends_missing=without_addends("sums"),
    ),
    "mv_scale_i32_f32": row(
        drawn_but(packed_tiles),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("sums"),
        blocks_transposed="its blocks stand in one column",
        shift_up=scales_times(1),
        shift_down=scales_times(-1),
    ),
}
