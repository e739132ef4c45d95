"""Faults of the log-mel kernels: lines of the table in fault_table.py."""

from collections.abc import Callable
from typing import Any

import numpy as np

from aie_kernels.mel_tables import PARTS, mel_table, part_type
from tests.kernels.fault_rows import OTHER_SIZES, Rng, Row, drawn_but, row
from tests.kernels.faults import changed, doubled, halves_swapped, truncated, without_addends

Array = np.ndarray[Any, Any]

MEL_COUNT = 80
CONSTANT = "its shifts are constants of its source"
PAIRS = "pairs keep what truncation takes away"


def of_part(change: Callable[[Array], None]) -> Callable[[Array], Array]:
    """The part of a table after `change` of its fields."""

    def changed_part(table: Array) -> Array:
        part = table.copy().view(part_type(MEL_COUNT))
        change(part)
        return part.view(np.int8)

    return changed_part


def transpose_upper_blocks(part: Array) -> None:
    part["steps"]["upper"] = part["steps"]["upper"].swapaxes(-1, -2).copy()


def samples_and_powers(rng: Rng) -> dict[str, Any]:
    """Some part of the table, and mels of about what is added to them."""
    return {
        "table": mel_table(MEL_COUNT)[rng.integers(PARTS)],
        "mels": rng.uniform(1e12, 1e13, 8 * MEL_COUNT).astype(np.float32),
    }


def faint_samples(rng: Rng) -> dict[str, Any]:
    """Of one step, of whose sums the last bit is a large share, and mels that hide nothing."""
    return {
        "samples": rng.integers(-1, 2, 7 * 160 + 400).astype(np.int16),
        "table": mel_table(MEL_COUNT)[rng.integers(PARTS)],
        "mels": np.zeros(8 * MEL_COUNT, np.float32),
    }


def powers(rng: Rng) -> dict[str, Any]:
    """Of ten to the power of -6 to 2, and a table whose floor is below them."""
    return {
        "mels": (10.0 ** rng.uniform(-6, 2, 8 * MEL_COUNT) * 2.0**46).astype(np.float32),
        "table": mel_table(MEL_COUNT, step=1 / 64)[0],
    }


FINISH = row(
    drawn_but(powers),
    operands_swapped=OTHER_SIZES,
    halves_swapped=halves_swapped("mels"),
    blocks_transposed="its elements do not ask where they stand",
    truncated=PAIRS,
    shift_up=changed(mels=doubled(1)),
    shift_down=changed(mels=doubled(-1)),
    addends_missing="what it adds are constants of its source",
)

MEL_ROWS: dict[str, Row] = {
    "mel_accumulate_i16_f32": row(
        drawn_but(samples_and_powers),
        inputs_to_truncate=drawn_but(faint_samples),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("samples"),
        blocks_transposed=changed(table=of_part(transpose_upper_blocks)),
        truncated=truncated,
        shift_up=CONSTANT,
        shift_down=CONSTANT,
        addends_missing=without_addends("mels"),
    ),
    "mel_finish_f32": FINISH,
    "mel_finish_f32_i8": FINISH,
}
