"""Kernels over one row in bf16: softmax, RMS norm, layer norm, rotary positions."""

import numpy as np

from ironbird.base.tolerance import Tolerance
from ironbird.iron.kernels.contract import Array, KernelContract, taken, written
from ironbird.iron.kernels.library_kernel import LibraryKernel, array, bfloat16, check_whole

SOFTMAX = Tolerance(
    absolute=1e-6,
    relative=0.045,
    evidence="the exponent is rounded to bf16: 2^-9 of it, 1.6 % of the power at -8; the table "
    "adds at most 1.24 % (mlir-aie lut_based_ops.h) and the result's rounding 0.2 %",
)
NORM = Tolerance(
    absolute=0.02,
    relative=0.012,
    evidence="the scale and the result are rounded to bf16, 2^-9 each, and the mean too: 2^-9 of "
    "it on every element, which is below 4 here",
)
ROTATION = Tolerance(
    absolute=2.0**-7,
    relative=2.0**-8,
    evidence="two products in fp32 and one rounding; where they cancel, what is rounded off of "
    "operands below 4",
)


def softmax(tile_size: int = 1024) -> LibraryKernel:
    """`softmax(x, y)`."""
    return _row("softmax", "softmax.cc", softmax_ref, SOFTMAX, tile_size, {})


def rms_norm(tile_size: int = 1024) -> LibraryKernel:
    """`rms_norm(x, y)`: x / sqrt(mean(x^2) + 1e-5)."""
    return rms_norm_eps(tile_size, 1e-5)


def rms_norm_eps(tile_size: int = 1024, epsilon: float = 1e-5) -> LibraryKernel:
    """`rms_norm_eps(x, y)`: as `rms_norm`, with another epsilon."""
    return _row(
        "rms_norm",
        "norm.cc",
        lambda x: rms_norm_ref(x, epsilon),
        NORM,
        tile_size,
        {"CENTRED": 0, "EPSILON": f"{np.float32(epsilon):.9e}f"},
        suffix=_suffix(epsilon),
    )


def layer_norm(tile_size: int = 1024, epsilon: float = 1e-5) -> LibraryKernel:
    """`layer_norm(x, y)`: zero mean and unit variance, without gain and bias."""
    return _row(
        "layer_norm",
        "norm.cc",
        lambda x: layer_norm_ref(x, epsilon),
        NORM,
        tile_size,
        {"CENTRED": 1, "EPSILON": f"{np.float32(epsilon):.9e}f"},
        suffix=_suffix(epsilon),
    )


def rope(tile_size: int = 64) -> LibraryKernel:
    """`rope(x, angles, y)`: each pair (x[2i], x[2i+1]) turned by (cos, sin) in angles[2i:2i+2]."""
    check_whole(tile_size, 32, of="rope")
    row = array(tile_size, bfloat16)
    return LibraryKernel(
        f"rope_bf16_{tile_size}",
        "rope.cc",
        [row, row, row],
        KernelContract(
            params=(taken("x", -4, 4), taken("angles", -1, 1), written("y")),
            reference=rope_ref,
            tolerance=ROTATION,
            operations=3 * tile_size,
        ),
        {"ELEMENTS": tile_size},
    )


def softmax_ref(x: Array) -> Array:
    """e^x over the sum of e^x along the last axis, in float64."""
    wide = x.astype(np.float64)
    powers = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def rms_norm_ref(x: Array, epsilon: float = 1e-5) -> Array:
    """Source  arXiv:1910.07467, without gain. In float64."""
    wide = x.astype(np.float64)
    return np.asarray(wide / np.sqrt((wide**2).mean(axis=-1, keepdims=True) + epsilon))


def layer_norm_ref(x: Array, epsilon: float = 1e-5) -> Array:
    """Source  arXiv:1607.06450 section 3, without gain and bias. In float64."""
    wide = x.astype(np.float64)
    return rms_norm_ref(wide - wide.mean(axis=-1, keepdims=True), epsilon)


def rope_ref(x: Array, angles: Array) -> Array:
    """Source  arXiv:2104.09864 section 3.4, neighbouring elements paired. In float64."""
    pairs = x.astype(np.float64).reshape(-1, 2)
    cosine, sine = angles.astype(np.float64).reshape(-1, 2).T
    turned = [
        pairs[:, 0] * cosine - pairs[:, 1] * sine,
        pairs[:, 1] * cosine + pairs[:, 0] * sine,
    ]
    return np.stack(turned, axis=1).reshape(x.shape)


def _row(
    name: str,
    source: str,
    reference: object,
    tolerance: Tolerance,
    tile_size: int,
    defines: dict[str, object],
    suffix: str = "",
) -> LibraryKernel:
    check_whole(tile_size, 16, of=name)
    row = array(tile_size, bfloat16)
    return LibraryKernel(
        f"{name}_bf16_{tile_size}{suffix}",
        source,
        [row, row],
        KernelContract(
            params=(taken("x", -4, 4), written("y")),
            reference=reference,  # type: ignore[arg-type]
            tolerance=tolerance,
            operations=5 * tile_size,
        ),
        {"ELEMENTS": tile_size, **defines},
    )


def _suffix(epsilon: float) -> str:
    """Another epsilon is another function, and needs a name of its own."""
    return "" if epsilon == 1e-5 else f"_{np.float32(epsilon).view(np.uint32):08x}"
