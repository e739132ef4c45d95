"""Contracts of layer normalisation."""

import math

import numpy as np

from aie_kernels.contract import Array, KernelContract, NotFinite, Role, buffer, scalar
from ironbird.base.errors import UsageError
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
        not_finite=NotFinite.NAN_FOR_INFINITY,
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
    x: Array, gain: Array | float = 1.0, bias: Array | float = 0.0, *, epsilon: float = EPSILON
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


LAYER_NORM_I8_TOLERANCE = Tolerance(
    absolute=0.6,
    evidence="half a step of rounding. Before it a normalised element is at most sqrt(256) = 16 "
    "and a gain 128 steps of at most one step of y; factors of 16 bits change that by 3 x 2^-16, "
    "0.094 of a step. A bias changes it by 2^-16 of 128, 0.002",
)


def layer_norm_i8(element_count: int = 256) -> KernelContract:
    """One row of int8 packed with its gain and bias; what a step means comes beside it."""
    return KernelContract(
        symbol="layer_norm_i8",
        source="layer_norm_i8.cc",
        arguments=(
            buffer("packed", Role.IN, "i8", 3 * element_count),
            buffer("steps", Role.IN, "f32", 4),
            buffer("y", Role.OUT, "i8", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda packed, steps, **_: {"y": layer_norm_i8_reference(packed, steps)},
        tolerance=LAYER_NORM_I8_TOLERANCE,
        operations=8 * element_count,
    )


def layer_norm_i8_steps(*, x: float, gain: float, bias: float, y: float) -> Array:
    """What the kernel is told about the scales of its tensors.

    Shapes  result [4] float32.
    Units   an int8 n of a tensor stands for n * scale.
    Raises  UsageError for a scale that is not positive and finite, or a step of gain or bias above
            one of y.
    """
    for name, scale in (("x", x), ("gain", gain), ("bias", bias), ("y", y)):
        if not (math.isfinite(scale) and scale > 0):
            raise UsageError(
                f"the scale of {name} of int8 LayerNorm is {scale}",
                because="a scale is what one step of an int8 stands for: positive and finite",
                fix="the largest magnitude the tensor has, divided by 127",
            )
    for name, scale in (("gain", gain), ("bias", bias)):
        if scale > y:
            raise UsageError(
                f"the scale of {name} of int8 LayerNorm is {scale}, that of y {y}",
                because=f"a step of {name} may be at most one of y for the rounding to hold",
                fix=f"a finer {name} or a coarser y",
            )
    return np.array([EPSILON / x**2, gain / y, bias / y, 0], np.float32)


def layer_norm_i8_reference(packed: Array, steps: Array) -> Array:
    """LayerNorm in steps of y, clamped to int8 and not rounded.

    Shapes  packed [..., 3 * width] int8: x, gain, bias; steps [4]; result [..., width].
    Dtypes  float64 inside and out.
    """
    x, gain, bias = np.split(packed.astype(np.float64), 3, axis=-1)
    epsilon, gain_step, bias_step, _ = steps.astype(np.float64)
    exact = layer_norm_reference(x, gain * gain_step, bias * bias_step, epsilon=epsilon)
    return np.clip(exact, -128, 127)
