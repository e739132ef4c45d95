"""y = end(convolution of x over time, kernel 3, stride 1 or 2, + bias), on the whole array.

X is [frames, channels]: the three frames that a result is made of follow one another in memory, so
the rows of the product's left matrix are runs of 3 channels that start `stride` frames apart. The
DMA reads them as they overlap; they are never written out. `designs/product_array.py` draws the
array. The end is nothing, or GELU by the exact erf.

The host adds a frame of zeros before the first and fills everything up to whole tiles with zeros.
One convolution's result is the next one's x, from the second frame on: `Case.x_shape`.
"""

import sys
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from aie_kernels.gelu_table import gelu_reference
from aie_kernels.mm_begin_contracts import bias_rows
from aie_kernels.mm_finish_contracts import (
    GELU_TABLE_BYTES,
    NARROWED_SUM_TOLERANCE,
    mm_finish,
    mm_finish_gelu,
)
from designs.case import (
    BFLOAT16,
    Array,
    check_counts,
    draw_bfloat16,
    next_multiple,
    padded,
    poisoned,
)
from designs.product_array import ProductArray
from designs.tile_sizes import ROWS_SLACK, largest_step
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

End = Literal["plain", "gelu"]

SIDE = 4
"""Cores along each side of the array."""

TAPS = 3
CHANNEL_STEP = 16
"""Channels are filled up to a multiple: three times that is a tile of the depth."""

DEPTH_OF_TILE = TAPS * CHANNEL_STEP
LARGEST_TILE_SIDE = 64
"""Of frames and of outputs: what fits a core's memory, with GELU's tables."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """y [result_frames, outputs] from x [frames, channels], weights [outputs, channels, 3], bias.

    m, n: frames and outputs of a core's tile; None for the largest that fill them up little.
    """

    name: str
    frames: int
    channels: int
    outputs_count: int
    stride: int = 1
    end: End = "plain"
    m: int | None = None
    n: int | None = None
    tolerance: Tolerance = NARROWED_SUM_TOLERANCE

    def __post_init__(self) -> None:
        if self.stride not in (1, 2):
            raise ValueError(f"a convolution of stride {self.stride}; there are 1 and 2")
        if self.end not in get_args(End):
            raise ValueError(
                f"a convolution that ends in {self.end!r}; there are {', '.join(get_args(End))}"
            )
        if min(self.frames, self.channels, self.outputs_count) < 1:
            raise ValueError(
                f"a convolution of {self.frames} frames from {self.channels} to "
                f"{self.outputs_count} channels is empty"
            )
        check_counts("a convolution", m=self.m, n=self.n)
        _ = self.product  # refuses what cannot be tiled

    @property
    def result_frames(self) -> int:
        """With a frame of zeros on both sides."""
        return (self.frames - 1) // self.stride + 1

    @property
    def padded_channels(self) -> int:
        """In whole steps."""
        return next_multiple(self.channels, CHANNEL_STEP)

    @property
    def product(self) -> ProductArray:
        """Of overlapping runs of X and the weights."""
        frames, outputs = (self.result_frames, SIDE), (self.outputs_count, SIDE)
        m = self.m or largest_step(LARGEST_TILE_SIDE, frames, slack=ROWS_SLACK)
        n = self.n or largest_step(LARGEST_TILE_SIDE, outputs)
        has_gelu = self.end == "gelu"
        return ProductArray(
            rows=next_multiple(self.result_frames, SIDE * m),
            depth=TAPS * self.padded_channels,
            columns=next_multiple(self.outputs_count, SIDE * n),
            m=m,
            k=DEPTH_OF_TILE,
            n=n,
            row_pitch=self.stride * self.padded_channels,
            b_in_panels=True,
            bias_above=True,
            end=mm_finish_gelu(m, n) if has_gelu else mm_finish(m, n),
            table_bytes=GELU_TABLE_BYTES if has_gelu else 0,
        )

    @property
    def x_shape(self) -> tuple[int, int]:
        """Frames and channels of the program's X, of which frame 0 is zero."""
        rows, pitch = self.product.a_shape
        return rows * pitch // self.padded_channels, self.padded_channels

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [frames, channels], weights [outputs, channels, 3] bf16; bias [outputs] float."""
        return {
            "x": draw_bfloat16(rng, (self.frames, self.channels)),
            "weights": draw_bfloat16(rng, (self.outputs_count, self.channels, TAPS), 0.1),
            "bias": rng.standard_normal(self.outputs_count).astype(np.float32),
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [result_frames, outputs] bf16."""
        return {"y": ((self.result_frames, self.outputs_count), BFLOAT16)}


def design(case: Case) -> Any:
    """The program: x as frames that a row of the product starts with, laid-out weights, y."""
    return case.product.program()


def laid_out_x(case: Case, x: Array) -> Array:
    """X behind a frame of zeros, as the program takes it."""
    framed = np.zeros(case.x_shape, BFLOAT16)
    framed[1 : 1 + case.frames, : case.channels] = x
    return framed.reshape(case.product.a_shape)


def laid_out_weights(case: Case, weights: Array, bias: Array) -> Array:
    """Weights and biases as the program takes them, once for a checkpoint.

    Shapes  weights [outputs, channels, 3]; bias [outputs]; result in panels.
    Dtypes  any floats in, a bias counting to 24 bits; bf16 out.
    """
    product = case.product
    matrix = np.zeros((TAPS, case.padded_channels, product.columns), BFLOAT16)
    matrix[:, : case.channels, : case.outputs_count] = weights.transpose(2, 1, 0)
    rows_of_bias = padded(bias_rows(bias, product.k), (product.k, product.columns))
    rows = matrix.reshape(product.depth, product.columns)
    return product.in_panels(np.concatenate([rows_of_bias, rows]))


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The program's arguments, and room for Y."""
    product = case.product
    return (
        laid_out_x(case, inputs["x"]),
        laid_out_weights(case, inputs["weights"], inputs["bias"]),
        poisoned((product.rows, product.columns), BFLOAT16),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of Y that was asked for."""
    return {"y": arguments[2][: case.result_frames, : case.outputs_count]}


def reference(case: Case, x: Array, weights: Array, bias: Array) -> dict[str, Array]:
    """The convolution in float64, frames of zeros beyond both ends."""
    framed = np.pad(x.astype(np.float64), ((1, 1), (0, 0)))
    last = framed.shape[0] - TAPS + 1
    sums = bias.astype(np.float64) + sum(
        framed[tap : tap + last : case.stride] @ weights[:, :, tap].astype(np.float64).T
        for tap in range(TAPS)
    )
    return {"y": gelu_reference(sums) if case.end == "gelu" else sums}


CASES = (
    Case(name="stride_1", frames=20, channels=16, outputs_count=24, m=16, n=16),
    Case(name="stride_2", frames=131, channels=40, outputs_count=70, stride=2, m=16, n=16),
    Case(name="gelu", frames=131, channels=40, outputs_count=70, stride=2, end="gelu", m=16, n=16),
    Case(name="whisper_base_conv1", frames=3000, channels=80, outputs_count=512, end="gelu"),
    Case(
        name="whisper_base_conv2",
        frames=3000,
        channels=512,
        outputs_count=512,
        stride=2,
        end="gelu",
    ),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
