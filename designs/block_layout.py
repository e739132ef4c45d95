"""The DMA's part of a product: row-major matrices into native blocks on the way in, and back.

Blocks follow one another row by row, and so do the elements of a block (aie_kernels/blocks.py is
the same in numpy). A memory tile's descriptor has four dimensions, which is exactly what this
takes. Where a memory tile joins parts, the layout of the joined fifo is that of one part.
"""

from typing import Any

from aie.helpers.taplib import TensorAccessPattern


def to_blocks(rows: int, columns: int, block_rows: int, block_columns: int) -> Any:
    """The order in which a row-major matrix is read to come out as blocks."""
    return TensorAccessPattern(
        (rows, columns),
        0,
        [rows // block_rows, columns // block_columns, block_rows, block_columns],
        [block_rows * columns, block_columns, columns, 1],
    )


def from_blocks(rows: int, columns: int, block_rows: int, block_columns: int) -> Any:
    """The order in which blocks are read to come out as a row-major matrix."""
    block_elements = block_rows * block_columns
    return TensorAccessPattern(
        (rows, columns),
        0,
        [rows // block_rows, block_rows, columns // block_columns, block_columns],
        [block_rows * columns, block_columns, block_elements, 1],
    )
