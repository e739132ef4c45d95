"""Activation functions in bf16: kernels `f(x, y)`, with `_sized` forms `f(x, y, n)`."""

from collections.abc import Callable

import numpy as np

from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.iron.kernels.contract import Array, KernelContract, number, taken, written
from ironbird.iron.kernels.library_kernel import LibraryKernel, array, bfloat16, check_whole

_SLOPE = 0.01

ONE_PRODUCT = Tolerance(
    absolute=1.2e-38,
    relative=2.0**-7,
    evidence="the slope and the product are each rounded to bf16, at most 2^-9 each",
)
TANH_TABLE = Tolerance(
    absolute=0.02,
    evidence="the table of tanh is linear in quarters: at most 0.0083 between its points, where "
    "the second derivative is 0.77 (mlir-aie aie_runtime_lib/AIE2), and bf16 in and out",
)
SIGMOID_TABLE = Tolerance(absolute=0.012, evidence="half of the table of tanh, and three roundings")
GATED_TABLE = Tolerance(
    absolute=0.02,
    relative=0.03,
    evidence="the sigmoid's error times its operand: the error is largest where |x| is below 4",
)
EXPONENTIAL_TABLE = Tolerance(
    absolute=1e-34,
    relative=0.016,
    evidence="the table of e^x is right to 1.24 % over all bf16 (mlir-aie lut_based_ops.h); the "
    "result is rounded down to 8 bits",
)


def relu(tile_size: int = 1024) -> LibraryKernel:
    """y[i] = x[i] above zero, else 0."""
    return _activation("relu", relu_ref, EXACT, tile_size)


def relu_sized(tile_size: int = 1024) -> LibraryKernel:
    """As `relu`, with the size as the last argument."""
    return _activation("relu", relu_ref, EXACT, tile_size, sized=True)


def leaky_relu(tile_size: int = 1024, alpha: float = _SLOPE) -> LibraryKernel:
    """y[i] = x[i] above zero, else alpha * x[i]; 0 <= alpha < 1."""
    slope = np.float32(alpha)
    return _activation(
        "leaky_relu",
        lambda x: leaky_relu_ref(x, alpha),
        ONE_PRODUCT,
        tile_size,
        suffix="" if alpha == _SLOPE else f"_{slope.view(np.uint32):08x}",
        defines={"SLOPE": f"{slope!s}f"},
    )


def gelu(tile_size: int = 1024) -> LibraryKernel:
    """y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))."""
    return _activation("gelu", gelu_ref, GATED_TABLE, tile_size)


def gelu_sized(tile_size: int = 1024) -> LibraryKernel:
    """As `gelu`, with the size as the last argument."""
    return _activation("gelu", gelu_ref, GATED_TABLE, tile_size, sized=True)


def silu(tile_size: int = 1024) -> LibraryKernel:
    """y = x / (1 + e^-x)."""
    return _activation("silu", silu_ref, GATED_TABLE, tile_size)


def silu_sized(tile_size: int = 1024) -> LibraryKernel:
    """As `silu`, with the size as the last argument."""
    return _activation("silu", silu_ref, GATED_TABLE, tile_size, sized=True)


def sigmoid(tile_size: int = 1024) -> LibraryKernel:
    """y = 1 / (1 + e^-x)."""
    return _activation("sigmoid", sigmoid_ref, SIGMOID_TABLE, tile_size)


def tanh(tile_size: int = 1024) -> LibraryKernel:
    """y = tanh(x)."""
    return _activation("tanh", tanh_ref, TANH_TABLE, tile_size)


def bf16_exp(tile_size: int = 1024) -> LibraryKernel:
    """y = e^x for x in [-80, 88)."""
    return _activation("exp", bf16_exp_ref, EXPONENTIAL_TABLE, tile_size, domain=(-70.0, 80.0))


def swiglu(tile_size: int = 1024) -> LibraryKernel:
    """`swiglu(x, gate, y)`: y = silu(x) * gate."""
    check_whole(tile_size, 16, of="swiglu")
    tile = array(tile_size, bfloat16)
    return LibraryKernel(
        f"swiglu_bf16_{tile_size}",
        "activation.cc",
        [tile, tile, tile],
        KernelContract(
            params=(taken("x", -8, 8), taken("gate", -1, 1), written("y")),
            reference=swiglu_ref,
            tolerance=GATED_TABLE,
            operations=8 * tile_size,
        ),
        {"OPERATION": "silu", "GATED": 1, "ELEMENTS": tile_size},
    )


def relu_ref(x: Array) -> Array:
    """The larger of x and 0, in the dtype of x."""
    return np.asarray(np.maximum(x, x.dtype.type(0)))


def leaky_relu_ref(x: Array, alpha: float = _SLOPE) -> Array:
    """x above zero, else alpha * x, in float64."""
    wide = x.astype(np.float64)
    return np.where(wide > 0, wide, alpha * wide)


def gelu_ref(x: Array) -> Array:
    """Source  arXiv:1606.08415 section 2, the form with tanh. In float64."""
    wide = x.astype(np.float64)
    inner = np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3)
    return np.asarray(wide / 2 * (1 + np.tanh(inner)))


def sigmoid_ref(x: Array) -> Array:
    """1 / (1 + e^-x) in float64."""
    return np.asarray(0.5 + 0.5 * np.tanh(x.astype(np.float64) / 2))


def silu_ref(x: Array) -> Array:
    """x * sigmoid(x) in float64."""
    return np.asarray(x.astype(np.float64) * sigmoid_ref(x))


def tanh_ref(x: Array) -> Array:
    """tanh in float64."""
    return np.tanh(x.astype(np.float64))


def bf16_exp_ref(x: Array) -> Array:
    """e^x in float64."""
    return np.exp(x.astype(np.float64))


def swiglu_ref(x: Array, gate: Array) -> Array:
    """silu(x) * gate in float64."""
    return np.asarray(silu_ref(x) * gate.astype(np.float64))


def _activation(
    operation: str,
    reference: Callable[[Array], Array],
    tolerance: Tolerance,
    tile_size: int,
    *,
    sized: bool = False,
    suffix: str = "",
    defines: dict[str, str] | None = None,
    domain: tuple[float, float] = (-8.0, 8.0),
) -> LibraryKernel:
    of = operation + ("_sized" if sized else "")
    check_whole(tile_size, 16, of=of)
    tile = array(tile_size, bfloat16)
    return LibraryKernel(
        f"{of}_bf16_{tile_size}{suffix}",
        "activation.cc",
        [tile, tile, *([np.int32] if sized else [])],
        KernelContract(
            params=(
                taken("x", *domain),
                written("y"),
                *([number("n", tile_size)] if sized else []),
            ),
            reference=lambda x, *n: reference(x),
            tolerance=tolerance,
            operations=tile_size,
        ),
        {
            "OPERATION": operation,
            "GATED": 0,
            **({} if sized else {"ELEMENTS": tile_size}),
            **(defines or {}),
        },
    )
