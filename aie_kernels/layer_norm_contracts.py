"""Contracts of layer normalisation."""

import numpy as np

from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from ironbird.base.tolerance import Tolerance

EPSILON = 1e-5
"""As in torch.nn.LayerNorm; added to the variance."""

LARGEST_GAIN = 1e30
"""Times sqrt(width), the most a normalised element can be, it is still finite."""

LAYER_NORM_TOLERANCE = Tolerance(
    absolute=2e-3,
    relative=2.0**-8,
    evidence="one rounding to bf16 is at most 2^-8 of the result. Before it, for gains of unit "
    "size: a normalised element is at most sqrt(1280) = 36, and three factors of 16 bits change it "
    "by 3 x 2^-16 of that, 1.7e-3. tests/kernels/test_layer_norm.py asks more of realistic rows: "
    "a relative L2 of 3e-3 against the rounded reference",
)


def layer_norm_bf16(element_count: int = 512) -> KernelContract:
    """One row to zero mean and unit variance, then times a gain and plus a bias."""
    return KernelContract(
        symbol="layer_norm_bf16",
        source="layer_norm.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count),
            buffer("gain_and_bias", Role.IN, "bf16", 2 * element_count, largest=LARGEST_GAIN),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, gain_and_bias, **_: {
            "y": layer_norm_reference(x, *np.split(gain_and_bias.astype(np.float64), 2))
        },
        tolerance=LAYER_NORM_TOLERANCE,
        operations=8 * element_count,
    )


def layer_norm_plain_bf16(element_count: int = 512) -> KernelContract:
    """One row to zero mean and unit variance."""
    return KernelContract(
        symbol="layer_norm_plain_bf16",
        source="layer_norm.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, **_: {"y": layer_norm_reference(x)},
        tolerance=LAYER_NORM_TOLERANCE,
        operations=6 * element_count,
    )


def layer_norm_reference(
    x: Array, gain: Array | float = 1.0, bias: Array | float = 0.0, epsilon: float = EPSILON
) -> Array:
    """Give each row zero mean and unit variance, then scale and shift it.

    Shapes  x [..., width]; gain, bias [width] or numbers; result as x.
    Dtypes  any float in; float64 inside and out.
    Units   epsilon is added to the variance, not to the standard deviation.
    Source  arXiv:1607.06450 section 3.
    """
    wide = x.astype(np.float64)
    centred = wide - wide.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.sqrt(variance + epsilon) * gain + bias)
