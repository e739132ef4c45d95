"""Integer products with scales: requantised, dequantised, and what makes int8 of bf16."""

from collections.abc import Callable
from typing import Any

import numpy as np

from aie_kernels.blocks import blocked
from aie_kernels.contract import Array
from aie_kernels.mv_w8a8_contracts import W8A8_BLOCKS, packed_tile
from aie_kernels.scale_tiles import (
    dequantising_scales,
    dequantising_tile,
    requantising_scales,
    requantising_tile,
)
from tests.kernels.fault_rows import OTHER_SIZES, Rng, Row, drawn_but, row
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

PAIRS = "pairs keep what truncation takes away"


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


def tile_of_multipliers(rng: Rng) -> dict[str, Any]:
    """Sums and 64 multipliers that make int8 of them, as a core receives them."""
    tile = requantising_tile(rng.integers(200, 1000, 64), 15, 64)
    return {
        "c": rng.integers(-4000, 4000, 4096).astype(np.int32),
        "scales": blocked(tile, 8, 8).reshape(-1),
    }


def shift_changed(by: int) -> Callable[[Any], Any]:
    """The shift behind 64 multipliers."""

    def change(scales: Any) -> Any:
        multipliers, shift = requantising_scales(scales, 64)
        return blocked(requantising_tile(multipliers, shift + by, 64), 8, 8).reshape(-1)

    return change


def tiles_of_scales(rng: Rng) -> dict[str, Any]:
    """Sums, scales and biases of 64 columns and scales of 64 rows; results of any size."""
    rows = np.zeros((64, 64), np.int8)
    rows[:, :4] = rng.uniform(0.5, 2, (64, 1)).astype(np.float32).view(np.int8)
    columns = dequantising_tile(rng.uniform(0.5, 2, 64), 1000 * rng.standard_normal(64), 64)
    return {
        "c": rng.integers(-1000, 1000, 4096).astype(np.int32),
        "columns": blocked(columns, 8, 8).reshape(-1),
        "rows": blocked(rows, 4, 8).reshape(-1),
    }


def sums_near_a_power_of_two(rng: Rng) -> dict[str, Any]:
    """Sums just above 1,024 and scales of one."""
    rows = np.zeros((64, 64), np.int8)
    rows[:, :4] = np.ones((64, 1), np.float32).view(np.int8)
    return {
        "c": rng.integers(1024, 1056, 4096).astype(np.int32),
        "columns": blocked(dequantising_tile(np.ones(64), np.zeros(64), 64), 8, 8).reshape(-1),
        "rows": blocked(rows, 4, 8).reshape(-1),
    }


def column_scales_doubled(power: int) -> Callable[[Any], Any]:
    """The scales of 64 columns, not their biases."""

    def change(columns: Any) -> Any:
        scales, biases = dequantising_scales(columns, 64)
        return blocked(dequantising_tile(scales * 2.0**power, biases, 64), 8, 8).reshape(-1)

    return change


def without_biases(columns: Any) -> Any:
    """The scales of 64 columns, and biases of zero."""
    scales, biases = dequantising_scales(columns, 64)
    return blocked(dequantising_tile(scales, 0 * biases, 64), 8, 8).reshape(-1)


INTEGER_PRODUCT_ROWS: dict[str, Row] = {
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
    "mm_requantise_tile_i32_i8": row(
        drawn_but(tile_of_multipliers),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 8)),
        truncated=truncated,
        shift_up=changed(scales=shift_changed(1)),
        shift_down=changed(scales=shift_changed(-1)),
    ),
    "mm_dequantise_i32_bf16": row(
        drawn_but(tiles_of_scales),
        inputs_to_truncate=drawn_but(sums_near_a_power_of_two),
        operands_swapped=operands_swapped("columns", "rows"),
        halves_swapped=halves_swapped("rows"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 8)),
        truncated=truncated,
        shift_up=changed(columns=column_scales_doubled(1)),
        shift_down=changed(columns=column_scales_doubled(-1)),
        addends_missing=changed(columns=without_biases),
    ),
    "quantise_bf16_i8": row(
        halves_swapped=halves_swapped("x"),
        truncated=PAIRS,
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
