"""C = A B on one core or on the whole array: what every design that is a product is built of.

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
Memory tiles cut tiles into the blocks that the multiplier wants, and put C back together. Sums are
fp32 or int32 over the whole depth, whatever becomes of them at the end.

A core has two input channels, so what else a tile of C needs comes as a tile more: biases before
the tiles of B, scales of columns after them, scales of rows after the tiles of A, or there a
residual for each core of the row.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.contract import KernelContract
from aie_kernels.mm_begin_contracts import mm_begin
from aie_kernels.mm_contracts import BLOCKS, BlockSizes, mm
from aie_kernels.row_contracts import zero
from designs.block_layout import from_blocks, to_blocks
from designs.case import Array
from designs.kernels import array_type, external
from ironbird.base.element_types import ELEMENT_TYPES

STACK_BYTES = 3328
"""For spilled accumulators on the chip: 0xD00, as mlir-aie's whole-array example reserves."""

CORE_BYTES = 65536
"""Of a core's memory (AM020 ch4)."""

MOST_TILE_COLUMNS = 64
"""Times that a shim's descriptor repeats (AM020 ch5)."""

GROUPS_IN_FLIGHT = 2
"""Rows of C tiles whose transfers are queued at once; a few descriptors each of a shim's sixteen.
"""


@dataclass(frozen=True, kw_only=True)
class ProductArray:
    """C [rows, columns] = end(A [rows, depth] B [depth, columns] + biases), in whole tiles.

    m, k, n:     a core's tile. side: cores along each side, 1 or 4.
    b_in_panels: B's tensor is [columns / n, rows, n], one panel of a core's columns after the
                 other (`in_panels`): DDR is then read in runs of whole tiles.
    row_pitch:   elements from one row of A to the next in its tensor; None if they follow.
    bias_above:  a tile of biases (aie_kernels/mm_begin_contracts.py) stands above B: k rows more.
    end:         turns the sums into C, in the blocks of C; None if they are C. After the sums it
                 takes those of the following that there are, then C.
    scales_below:  a tile stands below B: k rows more.
    scales_beside: a tile stands beside A: k columns more.
    residual:    a tensor [rows, columns] whose tiles come in the blocks of A.
    table_bytes: what the kernels hold besides.
    """

    rows: int
    depth: int
    columns: int
    m: int
    k: int
    n: int
    side: int = 4
    type_in: str = "bf16"
    type_sum: str = "f32"
    b_in_panels: bool = False
    row_pitch: int | None = None
    bias_above: bool = False
    end: KernelContract | None = None
    scales_below: bool = False
    scales_beside: bool = False
    residual: bool = False
    table_bytes: int = 0

    def __post_init__(self) -> None:
        if self.rows % (self.m * self.side) or self.columns % (self.n * self.side):
            raise ValueError(
                f"C of {self.rows}x{self.columns} is not whole tiles of {self.m}x{self.n} on "
                f"{self.side}x{self.side} cores"
            )
        if self.depth % self.k:
            raise ValueError(f"a depth of {self.depth} is not whole tiles of {self.k}")
        if self.tile_columns > MOST_TILE_COLUMNS:
            raise ValueError(
                f"{self.columns} columns in tiles of {self.n}; there are at most "
                f"{MOST_TILE_COLUMNS * self.side * self.n}"
            )
        if self.residual and self.k != self.n:
            raise ValueError(
                f"tiles of A are {self.k} and tiles of C {self.n} wide; with a residual, which "
                f"comes as A does, they are equal"
            )
        if self.core_bytes > CORE_BYTES:
            raise ValueError(
                f"tiles of {self.m}x{self.k}x{self.n} take {self.core_bytes} bytes of a core, "
                f"which has {CORE_BYTES}"
            )

    @property
    def blocks(self) -> BlockSizes:
        """What is multiplied in one step."""
        return BLOCKS[self.type_in, self.type_sum]

    @property
    def dtype_in(self) -> np.dtype[Any]:
        """Of A and B."""
        return ELEMENT_TYPES[self.type_in].dtype

    @property
    def dtype_sum(self) -> np.dtype[Any]:
        """Of the sums."""
        return ELEMENT_TYPES[self.type_sum].dtype

    @property
    def dtype_out(self) -> np.dtype[Any]:
        """Of C."""
        if self.end is None:
            return self.dtype_sum
        return next(argument.dtype for argument in self.end.arguments if argument.is_written)

    @property
    def core_bytes(self) -> int:
        """A and B twice, the sums, C once if it is not the sums, the stack and the tables."""
        operands = 2 * (self.m * self.k + self.k * self.n) * self.dtype_in.itemsize
        sums = self.m * self.n * self.dtype_sum.itemsize
        ended = 0 if self.end is None else self.m * self.n * self.dtype_out.itemsize
        return operands + sums + ended + STACK_BYTES + self.table_bytes

    @property
    def columns_of_a(self) -> int:
        """Scales included."""
        return self.depth + self.k * self.scales_beside

    @property
    def rows_of_b(self) -> int:
        """Biases and scales included."""
        return self.depth + self.k * (self.bias_above + self.scales_below)

    @property
    def tile_rows(self) -> int:
        """Times that the array makes a row of C tiles on every core."""
        return self.rows // (self.m * self.side)

    @property
    def tile_columns(self) -> int:
        """C tiles of a core in each such row."""
        return self.columns // (self.n * self.side)

    @property
    def a_shape(self) -> tuple[int, int]:
        """Of A's tensor: rows that overlap in it are a pitch apart."""
        pitch = self.row_pitch if self.row_pitch is not None else self.columns_of_a
        rows = self.rows + -(-self.columns_of_a // pitch) - 1
        return rows, pitch

    @property
    def b_shape(self) -> tuple[int, ...]:
        """Of B's tensor."""
        if self.b_in_panels:
            return self.columns // self.n, self.rows_of_b, self.n
        return self.rows_of_b, self.columns

    def in_panels(self, b: Array) -> Array:
        """B [rows, columns], biases and scales included, as the tensor of `b_in_panels`."""
        panels = b.reshape(self.rows_of_b, self.columns // self.n, self.n)
        return np.ascontiguousarray(panels.transpose(1, 0, 2))

    def program(self) -> Any:
        """Tensors: A, B, the residual if there is one, C; row-major but for a B in panels."""
        a_fifos, a_tiles = self._a_fifos()
        b_fifos, b_tiles = self._b_fifos()
        c_fifos, c_tiles = self._c_fifos()
        workers = [
            self._worker(column, row, a_tiles[row], b_tiles[column], c_tiles[column][row])
            for column in range(self.side)
            for row in range(self.side)
        ]
        tensors = [
            array_type(self.a_shape, self.dtype_in),
            array_type(self.b_shape, self.dtype_in),
        ]
        if self.residual:
            tensors.append(array_type((self.rows, self.columns), self.dtype_in))
        tensors.append(array_type((self.rows, self.columns), self.dtype_out))

        def sequence(*arguments: Any) -> None:
            *given, a_in, b_in, c_out = arguments
            in_flight: list[Any] = []
            for steps in self._groups():
                group = TaskGroup()
                for place in range(self.side):
                    c_out[place].drain(
                        given[-1], tap=self._c_walk(*steps, place), group=group, wait=True
                    )
                    a_in[place].fill(given[0], tap=self._a_walk(*steps, place), group=group)
                    if self.residual:
                        residual = self._residual_walk(*steps, place)
                        a_in[place].fill(given[2], tap=residual, group=group)
                    b_in[place].fill(given[1], tap=self._b_walk(*steps, place), group=group)
                in_flight.append(group)
                if len(in_flight) == GROUPS_IN_FLIGHT:
                    in_flight.pop(0).finish()
            for group in in_flight:
                group.finish()

        runtime = Runtime(
            sequence,
            [
                *tensors,
                [fifo.prod(tile=Tile(row, 0)) for row, fifo in enumerate(a_fifos)],
                [fifo.prod(tile=Tile(column, 0)) for column, fifo in enumerate(b_fifos)],
                [fifo.cons(tile=Tile(column, 0)) for column, fifo in enumerate(c_fifos)],
            ],
        )
        return Program(NPU1(), runtime, workers=workers)

    def _groups(self) -> list[tuple[int, int, int]]:
        """What is moved at once: a row of C tiles, its first tile column and their number.

        Between the tile columns of A a residual is due, so then it is one at a time.
        """
        if self.residual:
            return [(row, at, 1) for row, at in np.ndindex(self.tile_rows, self.tile_columns)]
        return [(row, 0, self.tile_columns) for row in range(self.tile_rows)]

    def _worker(self, column: int, row: int, a_tiles: Any, b_tiles: Any, c_tiles: Any) -> Any:
        tile_elements = self.m * self.n
        if self.bias_above:
            begin = external(mm_begin(self.m, self.k, self.n))
        else:
            begin = external(zero(self.type_sum, tile_elements))
        multiply = external(mm(self.type_in, self.type_sum, self.m, self.k, self.n))
        ending: list[Any] = []
        if self.end is not None:
            held = array_type(tile_elements, self.dtype_sum)
            ending = [Buffer(held, name=f"sums_{column}_{row}"), external(self.end)]

        def make_tiles_of_c(
            a_in: Any, b_in: Any, c_out: Any, begin: Any, multiply: Any, *ending: Any
        ) -> None:
            sums = ending[0] if ending else c_out.acquire(1)
            if self.bias_above:
                begin(b_in.acquire(1), sums)
                b_in.release(1)
            else:
                begin(sums, tile_elements)
            for _ in range_(self.depth // self.k):
                multiply(a_in.acquire(1), b_in.acquire(1), sums)
                a_in.release(1)
                b_in.release(1)
            if ending:
                _, end = ending
                sources = [b_in] * self.scales_below + [a_in] * self.scales_beside
                if self.residual:
                    _skip(a_in, column)
                    sources.append(a_in)
                end(sums, *(source.acquire(1) for source in sources), c_out.acquire(1))
                for source in sources:
                    source.release(1)
                if self.residual:
                    _skip(a_in, self.side - 1 - column)
            c_out.release(1)

        return Worker(
            make_tiles_of_c,
            [a_tiles.cons(), b_tiles.cons(), c_tiles.prod(), begin, multiply, *ending],
            tile=Tile(column, 2 + row),
            stack_size=STACK_BYTES,
        )

    def _a_fifos(self) -> tuple[list[Any], list[Any]]:
        """For each row of cores: the fifo from DDR, and that of its blocks for every column."""
        return self._operand_fifos("a", (self.m, self.k), (self.blocks.rows, self.blocks.depth))

    def _b_fifos(self) -> tuple[list[Any], list[Any]]:
        """For each column of cores: the fifo from DDR, and that of its blocks for every row."""
        return self._operand_fifos("b", (self.k, self.n), (self.blocks.depth, self.blocks.columns))

    def _operand_fifos(
        self, name: str, tile: tuple[int, int], block: tuple[int, int]
    ) -> tuple[list[Any], list[Any]]:
        places = range(self.side)
        fifos = [ObjectFifo(array_type(tile, self.dtype_in), name=f"{name}_{at}") for at in places]
        return fifos, [
            fifos[at]
            .cons()
            .forward(
                tile=Tile(at, 1),
                obj_type=array_type(tile[0] * tile[1], self.dtype_in),
                name=f"{name}_blocks_{at}",
                to_stream=to_blocks(*tile, *block),
            )
            for at in places
        ]

    def _c_fifos(self) -> tuple[list[Any], list[list[Any]]]:
        """For each column of cores: the fifo to DDR, and one for each core that joins in it."""
        tile_elements = self.m * self.n
        held = array_type(tile_elements, self.dtype_out)
        fifos, joined = [], []
        for column in range(self.side):
            fifo = ObjectFifo(
                array_type((self.side * self.m, self.n), self.dtype_out),
                name=f"c_{column}",
                to_stream=from_blocks(self.m, self.n, self.blocks.rows, self.blocks.columns),
            )
            fifos.append(fifo)
            joined.append(
                fifo.prod().join(
                    [row * tile_elements for row in range(self.side)],
                    tile=Tile(column, 1),
                    depths=[1] * self.side,
                    obj_types=[held] * self.side,
                    names=[f"c_{column}_{row}" for row in range(self.side)],
                )
            )
        return fifos, joined

    def _a_walk(self, block: int, _step: int, steps: int, row: int) -> Any:
        """Tiles of A for one row of cores: along the depth, once for each tile column of C."""
        _, pitch = self.a_shape
        return TensorAccessPattern(
            self.a_shape,
            (block * self.side + row) * self.m * pitch,
            [steps, self.columns_of_a // self.k, self.m, self.k],
            [0, self.k, pitch, 1],
        )

    def _b_walk(self, _block: int, step: int, steps: int, column: int) -> Any:
        """Tiles of B for one column of cores: down the depth, one tile column of C after the other.

        Biases and scales stand in it.
        """
        first = step * self.side + column
        tiles = [steps, self.rows_of_b // self.k, self.k, self.n]
        if self.b_in_panels:
            panel = self.rows_of_b * self.n
            strides = [self.side * panel, self.k * self.n, self.n, 1]
            return TensorAccessPattern(self.b_shape, first * panel, tiles, strides)
        strides = [self.side * self.n, self.k * self.columns, self.columns, 1]
        return TensorAccessPattern(self.b_shape, first * self.n, tiles, strides)

    def _residual_walk(self, block: int, step: int, steps: int, row: int) -> Any:
        """Tiles of the residual for one row of cores, one for each of them."""
        return TensorAccessPattern(
            (self.rows, self.columns),
            (block * self.side + row) * self.m * self.columns + step * self.side * self.n,
            [steps, self.side, self.m, self.n],
            [self.side * self.n, self.n, self.columns, 1],
        )

    def _c_walk(self, block: int, step: int, steps: int, column: int) -> Any:
        """Joined tiles of C of one column of cores, one tile column after the other."""
        joined_rows = self.m * self.side
        return TensorAccessPattern(
            (self.rows, self.columns),
            block * joined_rows * self.columns + (step * self.side + column) * self.n,
            [1, steps, joined_rows, self.n],
            [0, self.n * self.side, self.columns, 1],
        )


def _skip(fifo: Any, object_count: int) -> None:
    """Let go of what other cores of the row need."""
    for _ in range(object_count):
        fifo.acquire(1)
        fifo.release(1)
