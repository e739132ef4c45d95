"""C = A B on one core or on the whole array: i8 -> i32 or i8, i16 -> i32, bf16 -> f32 or bf16.

`designs/product_array.py` draws the array. Sums are int32 or fp32 over the whole depth, and made
narrower once: rounded to bf16, or times a multiplier for each column / 2^shift, to int8. The host
fills A, B and C up to whole tiles with zeros, so M, K and N may be anything.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.contract import KernelContract
from aie_kernels.mm_contracts import BLOCKS, product_reference
from aie_kernels.mm_finish_contracts import (
    NARROWED_SUM_TOLERANCE,
    mm_finish,
    mm_requantise_tile,
    requantised,
)
from aie_kernels.scale_tiles import requantising_tile
from designs.case import (
    Array,
    check_counts,
    draw_bfloat16,
    draw_integers,
    next_multiple,
    padded,
    poisoned,
)
from designs.product_array import ProductArray
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

_TOLERANCES = {
    "f32": Tolerance(
        relative_l2=1e-5,
        evidence="each step of eight products rounds to 24 bits; errors of 256 steps over K = 2048 "
        "add like a random walk to 16 x 2^-23",
    ),
    "bf16": NARROWED_SUM_TOLERANCE,
}

SUM_TYPES = {
    ("i8", "i32"): "i32",
    ("i8", "i8"): "i32",
    ("i16", "i32"): "i32",
    ("bf16", "f32"): "f32",
    ("bf16", "bf16"): "f32",
}
"""What products are summed in, by type in and type out."""

LARGEST_SHIFT = 31
TYPICAL_SHIFT = 20

WIDTH_OF_TILE = {"i8": 128, "i16": 64, "bf16": 64}
"""The widest that fits a core beside 64 x 64 of A. DDR limits int8, and reads runs of that width:
128 wide it takes 4.2 million cycles for 2,048^3, 64 wide 6.8 million.
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """C [rows, columns] = A [rows, depth] B [depth, columns], and how it is dealt out.

    m, k, n: a core's tile. array: cores along each side, 1 or 4.
    """

    name: str
    rows: int
    depth: int
    columns: int
    type_in: str = "bf16"
    type_out: str = "f32"
    m: int = 64
    k: int = 64
    n: int = 64
    array: int = 4

    def __post_init__(self) -> None:
        if (self.type_in, self.type_out) not in SUM_TYPES:
            known = ", ".join(f"{first}->{second}" for first, second in SUM_TYPES)
            raise ValueError(
                f"no matrix product from {self.type_in} to {self.type_out}; there are {known}"
            )
        if min(self.rows, self.depth, self.columns) < 1:
            raise ValueError(f"a product of {self.rows}x{self.depth}x{self.columns} is empty")
        if self.array not in (1, 4):
            raise ValueError(f"{self.array} cores a side; there is a form for 1 and one for 4")
        check_counts("a matrix product", m=self.m, k=self.k, n=self.n)
        _ = self.product  # refuses tiles that do not fit

    @property
    def tolerance(self) -> Tolerance:
        """Integers are exact."""
        return _TOLERANCES.get(self.type_out, EXACT)

    @property
    def is_requantised(self) -> bool:
        """Whether columns have multipliers."""
        return self.type_out == "i8"

    @property
    def dtype_in(self) -> np.dtype[Any]:
        """Of A and B."""
        return ELEMENT_TYPES[self.type_in].dtype

    @property
    def dtype_out(self) -> np.dtype[Any]:
        """Of C."""
        return ELEMENT_TYPES[self.type_out].dtype

    @property
    def padded_sizes(self) -> tuple[int, int, int]:
        """Rows, depth and columns in whole tiles of the whole array."""
        return (
            next_multiple(self.rows, self.m * self.array),
            next_multiple(self.depth, self.k),
            next_multiple(self.columns, self.n * self.array),
        )

    @property
    def product(self) -> ProductArray:
        """Of whole tiles."""
        rows, depth, columns = self.padded_sizes
        return ProductArray(
            rows=rows,
            depth=depth,
            columns=columns,
            m=self.m,
            k=self.k,
            n=self.n,
            side=self.array,
            type_in=self.type_in,
            type_sum=SUM_TYPES[self.type_in, self.type_out],
            end=self._end,
            scales_below=self.is_requantised,
        )

    @property
    def _end(self) -> KernelContract | None:
        if self.is_requantised:
            return mm_requantise_tile(self.m, self.k, self.n)
        return mm_finish(self.m, self.n) if self.type_out == "bf16" else None

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """a [rows, depth], b [depth, columns]; multipliers [columns] int16, shift [1] for int8.

        These scale sums of numbers drawn over all of int8 to a standard deviation near 40.
        """
        shapes = {"a": (self.rows, self.depth), "b": (self.depth, self.columns)}
        if self.type_in == "bf16":
            return {name: draw_bfloat16(rng, shape) for name, shape in shapes.items()}
        drawn = {name: draw_integers(rng, shape, self.dtype_in) for name, shape in shapes.items()}
        if self.is_requantised:
            multiplier = 40 * 2**TYPICAL_SHIFT / (74**2 * self.depth**0.5)
            spread = rng.uniform(0.5, 1.5, self.columns)
            drawn["multipliers"] = np.rint(multiplier * spread).astype(np.int16)
            drawn["shift"] = np.array([TYPICAL_SHIFT], np.int32)
        return drawn

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """c [rows, columns]."""
        return {"c": ((self.rows, self.columns), self.dtype_out)}


def design(case: Case) -> Any:
    """The program."""
    return case.product.program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """A and B filled up with zeros, scales below B if there are any, and room for C.

    Raises UsageError for scales that the kernel does not take.
    """
    rows, depth, columns = case.padded_sizes
    b = padded(inputs["b"], (depth, columns))
    if case.is_requantised:
        _check_scales(inputs["multipliers"], inputs["shift"])
        multipliers = padded(inputs["multipliers"], (columns,)).reshape(-1, case.n)
        shift = int(inputs["shift"][0])
        tiles = [requantising_tile(each, shift, case.k) for each in multipliers]
        b = np.concatenate([b, np.concatenate(tiles, axis=1)])
    return padded(inputs["a"], (rows, depth)), b, poisoned((rows, columns), case.dtype_out)


def _check_scales(multipliers: Array, shift: Array) -> None:
    """A scale is a positive number: a multiplier of 1 to 2^15 - 1 over 2^0 to 2^31."""
    if (multipliers < 1).any():
        first = int(np.argmax(multipliers < 1))
        raise UsageError(
            f"multipliers[{first}] is {multipliers[first]}",
            because="the scale of a column is positive: a multiplier of 1 to 32767 over 2^shift",
        )
    if not 0 <= shift[0] <= LARGEST_SHIFT:
        raise UsageError(
            f"shift is {shift[0]}", because=f"sums are shifted by 0 to {LARGEST_SHIFT} bits"
        )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of C that was asked for."""
    return {"c": arguments[2][: case.rows, : case.columns]}


def reference(case: Case, a: Array, b: Array, **scales: Array) -> dict[str, Array]:
    """The product: integers modulo 2^32, bf16 in float64; int8 scaled, rounded and saturated."""
    sums = product_reference(a, b)
    if case.is_requantised:
        return {"c": requantised(sums, scales["multipliers"], int(scales["shift"][0]))}
    return {"c": sums}


def case_for_inputs(inputs: dict[str, Array]) -> Case:
    """The case that a user's own a and b make, on the whole array. Raises UsageError."""
    missing = [name for name in ("a", "b") if name not in inputs]
    if missing:
        raise UsageError(
            f"matmul needs the inputs a and b; {', '.join(missing)} missing",
            fix="np.savez(path, a=..., b=...), a [rows, depth] and b [depth, columns]",
        )
    a, b = inputs["a"], inputs["b"]
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise UsageError(
            f"a {list(a.shape)} and b {list(b.shape)} have no product",
            because="a is [rows, depth] and b is [depth, columns]",
        )
    type_in = {np.dtype(np.int8): "i8", np.dtype(np.int16): "i16"}.get(a.dtype, "bf16")
    return Case(
        name="input",
        rows=a.shape[0],
        depth=a.shape[1],
        columns=b.shape[1],
        type_in=type_in,
        type_out="f32" if type_in == "bf16" else "i32",
        n=WIDTH_OF_TILE[type_in],
    )


def _cube(side: int, type_in: str = "bf16", type_out: str = "f32") -> Case:
    """A product of square matrices on the whole array."""
    return Case(
        name=f"{type_in}_{side}",
        rows=side,
        depth=side,
        columns=side,
        type_in=type_in,
        type_out=type_out,
        n=WIDTH_OF_TILE[type_in],
    )


def _small(name: str, sizes: tuple[int, int, int], type_in: str, type_out: str, array: int) -> Case:
    """A product in tiles of 16 x 16 x 16."""
    rows, depth, columns = sizes
    return Case(
        name=f"{name}_{type_in}",
        rows=rows,
        depth=depth,
        columns=columns,
        type_in=type_in,
        type_out=type_out,
        m=16,
        k=16,
        n=16,
        array=array,
    )


CASES = (
    *(_small("one_core", (32, 32, 32), *types, array=1) for types in BLOCKS),
    *(_small("ragged", (70, 50, 90), *types, array=4) for types in BLOCKS),
    _small("narrow", (70, 50, 90), "i8", "i8", array=4),
    _small("narrow", (70, 50, 90), "bf16", "bf16", array=4),
    *(_cube(512, *types) for types in BLOCKS),
    _cube(1024),
    _cube(2048),
    _cube(2048, "i8", "i32"),
)

DEFAULT_CASE = "bf16_512"

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
