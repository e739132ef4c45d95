"""Matrix products: C += A B, and c += A b.

`mm` works on operands that the DMA brings as blocks of `mac_dims`; `as_blocks` is that layout in
numpy. Each has `.zero`, the kernel that clears what it accumulates into.
"""

from typing import Any

import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.iron.kernels.contract import Array, KernelContract, taken, updated
from ironbird.iron.kernels.elementwise import zero
from ironbird.iron.kernels.library_kernel import (
    LibraryKernel,
    array,
    check_dtype,
    check_whole,
    cxx_type,
)

# Rows, depth and columns of a multiply-accumulate of AIE2 by operand type (AM020 ch4).
MAC_DIMS = {"i8": (4, 8, 8), "i16": (4, 4, 4), "bf16": (4, 8, 4)}
_RESULTS = {"i8": ("i8", "i16", "i32"), "i16": ("i16", "i32"), "bf16": ("bf16", "f32")}

BF16_SUMS = Tolerance(
    absolute=0.02,
    relative=2.0**-7,
    evidence="products of bf16 are exact in fp32 and added there; sums of products below 4 lose at "
    "most 2^-9 by the one rounding of a bf16 result, and 2^-20 before",
)


def mm(
    dim_m: int = 64,
    dim_k: int = 64,
    dim_n: int = 64,
    input_dtype: Any = np.int16,
    output_dtype: Any = np.int32,
    b_col_maj: bool = False,
    c_col_maj: bool = False,
    use_chess: bool = False,
    emulate_bf16_mmul_with_bfp16: bool = False,
    vectorized: bool = True,
) -> LibraryKernel:
    """`mm(a, b, c)`: C += A B on blocks of `mac_dims`; row-major matrices unless vectorized."""
    _refuse_other_tools(use_chess, emulate_bf16_mmul_with_bfp16)
    type_in = check_dtype(input_dtype, tuple(MAC_DIMS), of="mm").name
    type_out = check_dtype(output_dtype, _RESULTS[type_in], of=f"mm of {type_in} into").name
    mac_dims = MAC_DIMS[type_in] if vectorized else (1, 1, 1)
    for name, size, step in zip(
        ("dim_m", "dim_k", "dim_n"), (dim_m, dim_k, dim_n), mac_dims, strict=True
    ):
        check_whole(size, step, of="mm", name=name)
    majors = "".join(letter for letter, wanted in (("b", b_col_maj), ("c", c_col_maj)) if wanted)
    kind = ("" if vectorized else "_scalar") + (f"_{majors}col" if majors else "")

    def reference(a: Array, b: Array, c: Array) -> Array:
        return mm_ref(a, b, c, (dim_m, dim_k, dim_n), mac_dims, b_col_maj, c_col_maj)

    return LibraryKernel(
        f"mm_{type_in}_{type_out}_{dim_m}x{dim_k}x{dim_n}{kind}",
        "mm.cc",
        [
            array(dim_m * dim_k, input_dtype),
            array(dim_k * dim_n, input_dtype),
            array(dim_m * dim_n, output_dtype),
        ],
        KernelContract(
            params=(taken("a", -2, 2), taken("b", -2, 2), updated("c", -4, 4))
            if type_in == "bf16"
            else (taken("a"), taken("b"), updated("c")),
            reference=reference,
            tolerance=BF16_SUMS if type_in == "bf16" else EXACT,
            operations=2 * dim_m * dim_k * dim_n,
        ),
        {
            "TYPE": cxx_type(input_dtype),
            "TYPE_OUT": cxx_type(output_dtype),
            **dict(zip(("DIM_M", "DIM_K", "DIM_N"), (dim_m, dim_k, dim_n), strict=True)),
            **dict(zip(("MAC_M", "MAC_K", "MAC_N"), mac_dims, strict=True)),
            "B_COL_MAJ": int(b_col_maj),
            "C_COL_MAJ": int(c_col_maj),
            "VECTORIZED": int(vectorized),
        },
        mac_dims=mac_dims,
        dims=(dim_m, dim_k, dim_n),
        b_col_maj=b_col_maj,
        c_col_maj=c_col_maj,
        zero=zero(dim_m * dim_n, output_dtype),
    )


def mv(dim_m: int = 32, dim_k: int = 32) -> LibraryKernel:
    """`mv(a, b, c)`: c += A b, int16 into int32, A row-major."""
    check_whole(dim_k, 16, of="mv", name="dim_k")
    check_whole(dim_m, 8, of="mv", name="dim_m")
    return LibraryKernel(
        f"mv_i16_i32_{dim_m}x{dim_k}",
        "mv.cc",
        [array(dim_m * dim_k, np.int16), array(dim_k, np.int16), array(dim_m, np.int32)],
        KernelContract(
            params=(taken("a"), taken("b"), updated("c")),
            reference=lambda a, b, c: mv_ref(a, b, c, dim_m, dim_k),
            tolerance=EXACT,
            operations=2 * dim_m * dim_k,
        ),
        {"DIM_M": dim_m, "DIM_K": dim_k},
        dims=(dim_m, dim_k),
        zero=zero(dim_m, np.int32),
    )


def cascade_mm(
    dim_m: int = 16,
    dim_k: int = 16,
    dim_n: int = 16,
    input_dtype: Any = np.int16,
    output_dtype: Any = np.int32,
    role: str = "get",
) -> LibraryKernel:
    """`cascade_mm(a, b, c)`: C += A B + what the core to the west or north sends.

    role: `get`; `get_put`, which sends the sum on; or `put`, the first core of the row. The last
    two take a and b only. `.also` has the roles not chosen. Matrices are row-major.
    """
    if role not in ("put", "get_put", "get"):
        raise DesignError(
            f"cascade_mm(role={role!r})", at=author_line(), because="it is put, get_put or get"
        )
    sizes = (dim_m, dim_k, dim_n)
    kernels = {
        each: _cascade_kernel(sizes, input_dtype, output_dtype, each)
        for each in ("put", "get_put", "get")
    }
    chosen = kernels.pop(role)
    chosen.also.update(kernels)
    return chosen


def cascade_mm_put(
    dim_m: int = 16,
    dim_k: int = 16,
    dim_n: int = 16,
    input_dtype: Any = np.int16,
    output_dtype: Any = np.int32,
) -> LibraryKernel:
    """The first core of a row of `cascade_mm`."""
    return cascade_mm(dim_m, dim_k, dim_n, input_dtype, output_dtype, role="put")


def as_blocks(matrix: Array, rows: int, columns: int, column_major: bool = False) -> Array:
    """Flat: the matrix cut into blocks, block by block, in the order that `mm` wants.

    Shapes  matrix [R, C], R whole rows and C whole columns of blocks; result [R * C].
    """
    if column_major:
        return as_blocks(matrix.T, columns, rows)
    height, width = matrix.shape
    blocks = matrix.reshape(height // rows, rows, width // columns, columns)
    return np.ascontiguousarray(blocks.transpose(0, 2, 1, 3)).reshape(-1)


def from_blocks(
    flat: Array, shape: tuple[int, int], rows: int, columns: int, column_major: bool = False
) -> Array:
    """The matrix of `shape` again."""
    if column_major:
        return from_blocks(flat, (shape[1], shape[0]), columns, rows).T
    height, width = shape
    blocks = flat.reshape(height // rows, width // columns, rows, columns)
    return blocks.transpose(0, 2, 1, 3).reshape(height, width)


def mm_ref(
    a: Array,
    b: Array,
    c: Array,
    sizes: tuple[int, int, int],
    mac_dims: tuple[int, int, int] = (1, 1, 1),
    b_col_maj: bool = False,
    c_col_maj: bool = False,
) -> Array:
    """C + A B, flat, operands and result in blocks. Integers wrap; floats in float64."""
    dim_m, dim_k, dim_n = sizes
    mac_m, mac_k, mac_n = mac_dims
    wide = np.int64 if c.dtype.kind in "iu" else np.float64
    left = from_blocks(a, (dim_m, dim_k), mac_m, mac_k).astype(wide)
    right = from_blocks(b, (dim_k, dim_n), mac_k, mac_n, b_col_maj).astype(wide)
    before = from_blocks(c, (dim_m, dim_n), mac_m, mac_n, c_col_maj).astype(wide)
    product = before + left @ right
    result = product.astype(c.dtype) if wide is np.int64 else product
    return as_blocks(result, mac_m, mac_n, c_col_maj)


def mv_ref(a: Array, b: Array, c: Array, dim_m: int, dim_k: int) -> Array:
    """c + A b, modulo 2^32."""
    product = a.reshape(dim_m, dim_k).astype(np.int64) @ b.astype(np.int64)
    return (c.astype(np.int64) + product).astype(np.int32)


def _cascade_kernel(
    sizes: tuple[int, int, int], input_dtype: Any, output_dtype: Any, role: str
) -> LibraryKernel:
    type_in = check_dtype(input_dtype, ("i8", "i16"), of="cascade_mm").name
    type_out = check_dtype(output_dtype, ("i16", "i32"), of="cascade_mm into").name
    dim_m, dim_k, dim_n = sizes
    sends = role != "get"
    result = [] if sends else [array(dim_m * dim_n, output_dtype)]
    return LibraryKernel(
        f"cascade_mm_{role}_{type_in}_{type_out}_{dim_m}x{dim_k}x{dim_n}",
        "cascade_mm.cc",
        [array(dim_m * dim_k, input_dtype), array(dim_k * dim_n, input_dtype), *result],
        KernelContract(
            params=(taken("a"), taken("b"), *(() if sends else (updated("c"),))),
            reference=lambda a, b, *c: mm_ref(
                a, b, c[0] if c else np.zeros(dim_m * dim_n, output_dtype), sizes
            ),
            tolerance=EXACT,
            operations=2 * dim_m * dim_k * dim_n,
        ),
        {
            "TYPE": cxx_type(input_dtype),
            "TYPE_OUT": cxx_type(output_dtype),
            "ROLE": role,
            "SENDS": int(sends),
            "DIM_M": dim_m,
            "DIM_K": dim_k,
            "DIM_N": dim_n,
        },
        mac_dims=(1, 1, 1),
        dims=sizes,
        zero=None if sends else zero(dim_m * dim_n, output_dtype),
    )


def _refuse_other_tools(use_chess: bool, emulate_bf16_mmul_with_bfp16: bool) -> None:
    if use_chess:
        raise DesignError(
            "mm(use_chess=True)",
            at=author_line(),
            because="kernels are compiled for the host, by its own compiler",
        )
    if emulate_bf16_mmul_with_bfp16:
        raise DesignError(
            "mm(emulate_bf16_mmul_with_bfp16=True)",
            at=author_line(),
            because="block floating point is of npu2",
        )
