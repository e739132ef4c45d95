"""Block layouts in numpy: what `mmul` wants, from row-major matrices and back.

Blocks follow one another row by row, and so do the elements of a block. On the device the DMA does
this (designs/block_layout.py); here it serves references and tests.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Scalar = TypeVar("Scalar", bound=np.generic)


def blocked(
    matrix: npt.NDArray[Scalar], block_rows: int, block_columns: int
) -> npt.NDArray[Scalar]:
    """A row-major matrix as its blocks.

    Shapes  matrix [rows, columns], whole blocks; result [rows/br, columns/bc, br, bc].
    Raises  ValueError if the matrix is not whole blocks.
    """
    rows, columns = matrix.shape
    if rows % block_rows or columns % block_columns:
        raise ValueError(
            f"a {rows}x{columns} matrix is not whole blocks of {block_rows}x{block_columns}"
        )
    split = matrix.reshape(rows // block_rows, block_rows, columns // block_columns, block_columns)
    return np.ascontiguousarray(split.transpose(0, 2, 1, 3))


def unblocked(
    blocks: npt.NDArray[Scalar], rows: int, columns: int, block_rows: int, block_columns: int
) -> npt.NDArray[Scalar]:
    """The row-major matrix [rows, columns] whose blocks `blocks` holds, in any shape."""
    split = blocks.reshape(rows // block_rows, columns // block_columns, block_rows, block_columns)
    return np.ascontiguousarray(split.transpose(0, 2, 1, 3).reshape(rows, columns))
