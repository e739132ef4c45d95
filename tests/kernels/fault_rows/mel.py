"""From samples to log-mel features."""

from typing import Any

import numpy as np

from aie_kernels.mel_tables import mel_table, part_type
from tests.kernels.fault_row import OTHER_TYPES, PAIRS, Rng, drawn_but, row
from tests.kernels.faults import Fault, changed, halves_swapped, truncated, without_addends

TABLE = mel_table(80)[7]


def mels(rng: Rng) -> dict[str, Any]:
    """Powers of loud and of quiet frames."""
    return {"mels": (2.0 ** rng.uniform(20, 46, 640)).astype(np.float32), "table": TABLE}


def mels_so_far(rng: Rng) -> dict[str, Any]:
    """A part of the table, and what other parts have added up to."""
    return {"mels": rng.uniform(0, 1e6, 640).astype(np.float32), "table": TABLE}


def steps_times(factor: float) -> Fault:
    """What a feature of one is in steps of int8 is another."""

    def change(table: Any) -> Any:
        other = table.copy()
        other.view(part_type(80))["parameters"][0][1] *= factor
        return other

    return changed(table=change)


ROWS = {
    "mel_accumulate_i16_f32": row(
        drawn_but(
            lambda rng: {"table": TABLE, "mels": rng.uniform(0, 1e6, 640).astype(np.float32)}
        ),
        operands_swapped=OTHER_TYPES,
        halves_swapped=halves_swapped("samples"),
        truncated=truncated,
        addends_missing=without_addends("mels"),
    ),
    "mel_finish_f32": row(
        drawn_but(mels),
        operands_swapped=OTHER_TYPES,
        halves_swapped=halves_swapped("mels"),
        truncated=PAIRS,
    ),
    "mel_finish_f32_i8": row(
        drawn_but(mels),
        operands_swapped=OTHER_TYPES,
        halves_swapped=halves_swapped("mels"),
        truncated=PAIRS,
        shift_up=steps_times(2),
        shift_down=steps_times(0.5),
    ),
}
