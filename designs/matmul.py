"""C = A B on one core or on the whole array, for i8 -> i32, i16 -> i32 and bf16 -> f32.

                 B_0        B_1        B_2        B_3      each down its column
                  |          |          |          |
    A_3 ----> core(0,5)  core(1,5)  core(2,5)  core(3,5)   each A along its row
    A_2 ----> core(0,4)  core(1,4)  core(2,4)  core(3,4)
    A_1 ----> core(0,3)  core(1,3)  core(2,3)  core(3,3)
    A_0 ----> core(0,2)  core(1,2)  core(2,2)  core(3,2)
                  |          |          |          |
                 C_0        C_1        C_2        C_3      four tiles joined, then to DDR

A core owns one m x n tile of C at a time and receives the m x k tiles of A and k x n tiles of B
that it is the sum of. Row r of cores shares the tiles of A, broadcast by memory tile (r, 1); column
c shares those of B, broadcast by memory tile (c, 1), where the four C tiles of the column meet.
Memory tiles cut tiles into the blocks that the multiplier wants, and put C back together. The host
fills A, B and C up to whole tiles with zeros, so M, K and N may be anything.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.mm_contracts import BLOCKS, mm, product_reference
from aie_kernels.row_contracts import zero
from designs.block_layout import from_blocks, to_blocks
from designs.case import Array, draw_bfloat16, draw_integers, next_multiple, padded, poisoned
from designs.kernels import array_type, external
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

STACK_BYTES = 3328
"""For spilled accumulators on the chip: 0xD00, as mlir-aie's whole-array example reserves."""

GROUPS_IN_FLIGHT = 2
"""Rows of C tiles whose transfers are queued at once; three descriptors each of a shim's sixteen.
"""

_BF16_TOLERANCE = Tolerance(
    relative_l2=1e-5,
    evidence="each step of eight products rounds to 24 bits; errors of 256 steps over K = 2048 add "
    "like a random walk to 16 x 2^-23",
)


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
        if min(self.rows, self.depth, self.columns) < 1:
            raise ValueError(f"a product of {self.rows}x{self.depth}x{self.columns} is empty")
        if self.array not in (1, 4):
            raise ValueError(f"{self.array} cores a side; there is a form for 1 and one for 4")

    @property
    def tolerance(self) -> Tolerance:
        """Integers are exact."""
        return _BF16_TOLERANCE if self.type_in == "bf16" else EXACT

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

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """a [rows, depth], b [depth, columns]."""
        shapes = {"a": (self.rows, self.depth), "b": (self.depth, self.columns)}
        if self.type_in == "bf16":
            return {name: draw_bfloat16(rng, shape) for name, shape in shapes.items()}
        return {name: draw_integers(rng, shape, self.dtype_in) for name, shape in shapes.items()}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """c [rows, columns]."""
        return {"c": ((self.rows, self.columns), self.dtype_out)}


def design(case: Case) -> Any:
    """The program."""
    a_fifos, a_tiles = _a_fifos(case)
    b_fifos, b_tiles = _b_fifos(case)
    c_fifos, c_tiles = _c_fifos(case)
    _, depth, _ = case.padded_sizes
    clear = external(zero(case.type_out, case.m * case.n))
    multiply = external(mm(case.type_in, case.type_out, case.m, case.k, case.n))

    def make_tiles_of_c(a_in: Any, b_in: Any, c_out: Any, clear: Any, multiply: Any) -> None:
        c = c_out.acquire(1)
        clear(c, case.m * case.n)
        for _ in range_(depth // case.k):
            a, b = a_in.acquire(1), b_in.acquire(1)
            multiply(a, b, c)
            a_in.release(1)
            b_in.release(1)
        c_out.release(1)

    workers = [
        Worker(
            make_tiles_of_c,
            [
                a_tiles[row].cons(),
                b_tiles[column].cons(),
                c_tiles[column][row].prod(),
                clear,
                multiply,
            ],
            tile=Tile(column, 2 + row),
            stack_size=STACK_BYTES,
        )
        for column in range(case.array)
        for row in range(case.array)
    ]

    def sequence(a: Any, b: Any, c: Any, a_in: Any, b_in: Any, c_out: Any) -> None:
        rows, _, _ = case.padded_sizes
        in_flight: list[Any] = []
        for block in range(rows // (case.m * case.array)):
            group = TaskGroup()
            for column in range(case.array):
                c_out[column].drain(c, tap=_c_walk(case, block, column), group=group, wait=True)
                a_in[column].fill(a, tap=_a_walk(case, block, column), group=group)
                b_in[column].fill(b, tap=_b_walk(case, column), group=group)
            in_flight.append(group)
            if len(in_flight) == GROUPS_IN_FLIGHT:
                in_flight.pop(0).finish()
        for group in in_flight:
            group.finish()

    rows, depth, columns = case.padded_sizes
    runtime = Runtime(
        sequence,
        [
            array_type((rows, depth), case.dtype_in),
            array_type((depth, columns), case.dtype_in),
            array_type((rows, columns), case.dtype_out),
            [fifo.prod(tile=Tile(row, 0)) for row, fifo in enumerate(a_fifos)],
            [fifo.prod(tile=Tile(column, 0)) for column, fifo in enumerate(b_fifos)],
            [fifo.cons(tile=Tile(column, 0)) for column, fifo in enumerate(c_fifos)],
        ],
    )
    return Program(NPU1(), runtime, workers=workers)


def _a_fifos(case: Case) -> tuple[list[Any], list[Any]]:
    """For each row of cores: the fifo from DDR, and the one with its blocks for every column."""
    blocks = BLOCKS[case.type_in, case.type_out]
    tile = array_type((case.m, case.k), case.dtype_in)
    held = array_type(case.m * case.k, case.dtype_in)
    order = to_blocks(case.m, case.k, blocks.rows, blocks.depth)
    fifos = [ObjectFifo(tile, name=f"a_{row}") for row in range(case.array)]
    return fifos, [
        fifo.cons().forward(
            tile=Tile(row, 1), obj_type=held, name=f"a_blocks_{row}", to_stream=order
        )
        for row, fifo in enumerate(fifos)
    ]


def _b_fifos(case: Case) -> tuple[list[Any], list[Any]]:
    """For each column of cores: the fifo from DDR, and the one with its blocks for every row."""
    blocks = BLOCKS[case.type_in, case.type_out]
    tile = array_type((case.k, case.n), case.dtype_in)
    held = array_type(case.k * case.n, case.dtype_in)
    order = to_blocks(case.k, case.n, blocks.depth, blocks.columns)
    fifos = [ObjectFifo(tile, name=f"b_{column}") for column in range(case.array)]
    return fifos, [
        fifo.cons().forward(
            tile=Tile(column, 1), obj_type=held, name=f"b_blocks_{column}", to_stream=order
        )
        for column, fifo in enumerate(fifos)
    ]


def _c_fifos(case: Case) -> tuple[list[Any], list[list[Any]]]:
    """For each column of cores: the fifo to DDR, and one for each core that joins in it."""
    blocks = BLOCKS[case.type_in, case.type_out]
    tile_elements = case.m * case.n
    held = array_type(tile_elements, case.dtype_out)
    fifos, joined = [], []
    for column in range(case.array):
        fifo = ObjectFifo(
            array_type((case.array * case.m, case.n), case.dtype_out),
            name=f"c_{column}",
            to_stream=from_blocks(case.m, case.n, blocks.rows, blocks.columns),
        )
        fifos.append(fifo)
        joined.append(
            fifo.prod().join(
                [row * tile_elements for row in range(case.array)],
                tile=Tile(column, 1),
                depths=[1] * case.array,
                obj_types=[held] * case.array,
                names=[f"c_{column}_{row}" for row in range(case.array)],
            )
        )
    return fifos, joined


def _a_walk(case: Case, block: int, row: int) -> Any:
    """Tiles of A for one row of cores: along the depth, once for each tile column of C."""
    rows, depth, columns = case.padded_sizes
    return TensorAccessPattern(
        (rows, depth),
        (block * case.array + row) * case.m * depth,
        [columns // (case.n * case.array), depth // case.k, case.m, case.k],
        [0, case.k, depth, 1],
    )


def _b_walk(case: Case, column: int) -> Any:
    """Tiles of B for one column of cores: down the depth, one tile column of C after the other."""
    _, depth, columns = case.padded_sizes
    return TensorAccessPattern(
        (depth, columns),
        column * case.n,
        [columns // (case.n * case.array), depth // case.k, case.k, case.n],
        [case.n * case.array, case.k * columns, columns, 1],
    )


def _c_walk(case: Case, block: int, column: int) -> Any:
    """Joined tiles of C of one column of cores, one tile column after the other."""
    rows, _, columns = case.padded_sizes
    joined_rows = case.m * case.array
    return TensorAccessPattern(
        (rows, columns),
        block * joined_rows * columns + column * case.n,
        [1, columns // (case.n * case.array), joined_rows, case.n],
        [0, case.n * case.array, columns, 1],
    )


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """A and B filled up with zeros, and room for C."""
    rows, depth, columns = case.padded_sizes
    return (
        padded(inputs["a"], (rows, depth)),
        padded(inputs["b"], (depth, columns)),
        poisoned((rows, columns), case.dtype_out),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of C that was asked for."""
    return {"c": arguments[2][: case.rows, : case.columns]}


def reference(case: Case, a: Array, b: Array) -> dict[str, Array]:
    """The product: integers modulo 2^32, bf16 in float64."""
    return {"c": product_reference(a, b)}


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
    *(_cube(512, *types) for types in BLOCKS),
    _cube(1024),
    _cube(2048),
)

DEFAULT_CASE = "bf16_512"

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
