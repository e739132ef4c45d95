"""The contract of attention over 64 positions of 64 int8 numbers."""

from collections.abc import Mapping

import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import Tolerance

SIDE = 64
STEP_ELEMENTS = 8
LARGEST_WEIGHT = 255

ATTENTION_I8_TOLERANCE = Tolerance(
    absolute=2,
    evidence="a weight is off by 255 x 4e-4 at most before it is rounded, so few are rounded the "
    "other way, by 1 of a sum of 255 or more. That moves a result by a step of v at most, which is "
    "two of the result's where its scale is half of v's. Measured there: 1 step, in 1 % of results",
)


def attention_i8_reference(q: Array, k: Array, v: Array, exponent: float, ratio: float) -> Array:
    """softmax(q k' exponent) v ratio, as int8, in float64 but for the quantisation of weights.

    Shapes  q, k, v [positions, 64]; result [queries, 64].
    Units   exponent: of one step of q k'; ratio: a step of v, in steps of the result.
    Source  weights are 255 e^(score - largest) rounded to integers, and divided by their sum.
    """
    scores = (q.astype(np.int64) @ k.astype(np.int64).T).astype(np.float64)
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) * exponent)
    weights = np.rint(LARGEST_WEIGHT * powers)
    result = weights @ v.astype(np.float64) / weights.sum(axis=1, keepdims=True) * ratio
    return np.asarray(np.clip(np.rint(result), -128, 127), np.int8)


def packed_steps(q_scale: float, k_scale: float, v_scale: float, y_scale: float) -> Array:
    """The steps of attention_i8. Raises UsageError for a scale that is not positive and finite."""
    named = {"q": q_scale, "k": k_scale, "v": v_scale, "y": y_scale}
    for name, scale in named.items():
        if not (np.isfinite(scale) and scale > 0):
            raise UsageError(
                f"{name}_scale of int8 attention is {scale:g}",
                because="a scale is what one step of an int8 stands for: positive and finite",
                fix=f"{name}_scale = the largest magnitude the tensor has, divided by 127",
            )
    steps = np.zeros(STEP_ELEMENTS, np.float32)
    steps[:2] = q_scale * k_scale / np.sqrt(SIDE), v_scale / y_scale
    return steps


def _reference(packed: Array, steps: Array, **_: object) -> Mapping[str, Array]:
    q, k, v = (unblocked(matrix, SIDE, SIDE, 4, 8) for matrix in packed.reshape(3, -1))
    y = attention_i8_reference(q, k, v, float(steps[0]), float(steps[1]))
    return {"y": blocked(y, 4, 8).reshape(-1)}


ATTENTION_I8 = KernelContract(
    symbol="attention_i8",
    source="attention_i8.cc",
    arguments=(
        buffer("packed", Role.IN, "i8", 3 * SIDE * SIDE),
        buffer("steps", Role.IN, "f32", STEP_ELEMENTS, largest=1e3),
        buffer("y", Role.OUT, "i8", SIDE * SIDE),
    ),
    reference=_reference,
    tolerance=ATTENTION_I8_TOLERANCE,
    operations=4 * SIDE**3 + 8 * SIDE**2,
    stack_bytes=4096,
)
