"""Layer normalisation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from aie_kernels.contract import Array
from aie_kernels.layer_norm_contracts import layer_norm_i8_steps
from tests.kernels.fault_rows import Rng, Row, drawn_but, row
from tests.kernels.faults import Fault, changed, given_instead, halves_swapped, truncated


def int8_inputs(rng: Rng) -> dict[str, Any]:
    """x of many steps, gains near one, small biases."""
    x = rng.standard_normal(256) * 24
    gain, bias = 64 + 12 * rng.standard_normal(256), 20 * rng.standard_normal(256)
    packed = np.concatenate([x, gain, bias]).round().clip(-128, 127).astype(np.int8)
    steps = layer_norm_i8_steps(x=1 / 24, gain=1 / 64, bias=1 / 64, y=1 / 32)
    return {"packed": packed, "steps": steps}


def int8_gain_and_bias(change: Callable[[Array, Array], tuple[Array, Array]]) -> Fault:
    """Other gains and biases in the row that packs them behind x."""

    def changed_row(given: dict[str, Any]) -> dict[str, Any]:
        x, gain, bias = np.split(given["packed"], 3)
        return {"packed": np.concatenate([x, *change(gain, bias)]).astype(np.int8)}

    return given_instead(changed_row)


def step_of_gain_times(factor: float) -> Fault:
    """Of what an int8 LayerNorm is told about scales, that of the gain is another."""
    factors = np.array([1, factor, 1, 1], np.float32)
    return changed(steps=lambda steps: steps * factors)


def gain_of_one(gain_and_bias: Array) -> Array:
    """Gains of one and biases of zero."""
    return np.repeat([1, 0], gain_and_bias.size // 2).astype(gain_and_bias.dtype)


PAIRS = "pairs keep what truncation takes away"

NORMALISATION_ROWS: dict[str, Row] = {
    "layer_norm_bf16": row(
        operands_swapped=halves_swapped("gain_and_bias"),
        halves_swapped=halves_swapped("x"),
        truncated=truncated,
        addends_missing=changed(gain_and_bias=gain_of_one),
    ),
    "layer_norm_plain_bf16": row(halves_swapped=halves_swapped("x"), truncated=truncated),
    "layer_norm_i8": row(
        drawn_but(int8_inputs),
        operands_swapped=int8_gain_and_bias(lambda gain, bias: (bias, gain)),
        halves_swapped=int8_gain_and_bias(
            lambda gain, bias: (np.roll(gain, 128), np.roll(bias, 128))
        ),
        truncated=PAIRS,
        shift_up=step_of_gain_times(2),
        shift_down=step_of_gain_times(0.5),
        addends_missing=int8_gain_and_bias(lambda gain, bias: (0 * gain + 64, 0 * bias)),
    ),
}
