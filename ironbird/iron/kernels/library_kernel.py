"""An `ExternalFunction` whose C++ comes with the package, and which knows what it computes.

Sources lie in `sources/`. A source is compiled for one size and one element type at a time; both
are in the symbol, so that one core can call two of them. They are here and not in `aie_kernels`,
because `aie.iron.kernels` must find them without the designs' library, which knows no IRON.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.base.tolerance import Verdict, judge
from ironbird.iron.array_types import ArrayType, annotation_of, scalar_type
from ironbird.iron.kernel import ExternalFunction
from ironbird.iron.kernels.contract import Array, KernelContract, Role

SOURCES = Path(__file__).parent / "sources"

# How C++ calls the element types.
CXX_TYPES = {
    "i8": "int8_t",
    "i16": "int16_t",
    "i32": "int32_t",
    "ui8": "uint8_t",
    "ui16": "uint16_t",
    "ui32": "uint32_t",
    "bf16": "bfloat16",
    "f32": "float",
}


class LibraryKernel(ExternalFunction):
    """A kernel of the library.

    contract:  what it promises.
    mac_dims:  of a matrix product, the block (rows, depth, columns) that operands are cut into.
    dims:      of a matrix product, its sizes (rows, depth, columns).
    b_col_maj, c_col_maj: of a matrix product, whether that operand lies column by column.
    zero:      of a kernel that accumulates, the one that clears what it accumulates into.
    """

    def __init__(
        self,
        name: str,
        source: str,
        arg_types: Sequence[Any],
        contract: KernelContract,
        defines: Mapping[str, object],
        *,
        mac_dims: tuple[int, int, int] | None = None,
        dims: tuple[int, ...] | None = None,
        b_col_maj: bool = False,
        c_col_maj: bool = False,
        zero: "LibraryKernel | None" = None,
    ) -> None:
        flags = [f"-D{macro}={value}" for macro, value in {"SYMBOL": name, **defines}.items()]
        super().__init__(
            name, source_file=SOURCES / source, arg_types=arg_types, compile_flags=flags
        )
        self.contract = contract
        self.mac_dims = mac_dims
        self.dims = dims
        self.b_col_maj = b_col_maj
        self.c_col_maj = c_col_maj
        self.zero = zero

    @property
    def output_dtype(self) -> np.dtype[Any] | None:
        """The dtype of what it writes, if it writes an array."""
        output = self.contract.output
        return None if output is None else self.arg_dtype(output)

    def sample_inputs(self, seed: int = 0) -> list[Any]:
        """One value for each argument: drawn within the contract; what is only written is None."""
        rng = np.random.default_rng(seed)
        return [self._sample(number, rng) for number in range(len(self.contract.params))]

    def expected(self, *inputs: Any) -> Array:
        """What the reference makes of every argument but the one only written, in order."""
        return np.asarray(self.contract.reference(*inputs))

    def judge(self, result: npt.ArrayLike, *inputs: Any) -> Verdict:
        """Whether a result is what the contract promises for `inputs`."""
        expected = self.expected(*inputs)
        return judge(np.asarray(result).reshape(expected.shape), expected, self.contract.tolerance)

    def _sample(self, number: int, rng: np.random.Generator) -> Any:
        param = self.contract.params[number]
        if param.role is Role.SCALAR:
            return param.value
        if param.role is Role.OUT:
            return None
        shape, dtype = self.arg_shape(number), self.arg_dtype(number)
        if dtype.kind in "iu":
            limits = np.iinfo(dtype)
            least = int(limits.min if param.lowest is None else param.lowest)
            most = int(limits.max if param.highest is None else param.highest)
            return rng.integers(least, most, shape, dtype=dtype, endpoint=True)
        low, high = (-4.0, 4.0) if param.lowest is None else (param.lowest, param.highest or 0.0)
        return rng.uniform(low, high, shape).astype(dtype)


def array(shape: int | Sequence[int], dtype: Any) -> Any:
    """`np.ndarray[shape, np.dtype[dtype]]`."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    return annotation_of(ArrayType(sizes, element(dtype)))


def element(dtype: Any) -> ElementType:
    """The element type that a factory was asked for."""
    return scalar_type(dtype, of="a kernel of the library")


def cxx_type(dtype: Any) -> str:
    """What a source calls the element type."""
    return CXX_TYPES[element(dtype).name]


bfloat16 = ml_dtypes.bfloat16


def check_whole(count: int, step: int, *, of: str, name: str = "tile_size") -> None:
    """Refuse a count of elements that the kernel's vectors do not divide."""
    if count > 0 and count % step == 0:
        return
    raise DesignError(
        f"{of}({name}={count})",
        at=author_line(),
        because=f"the kernel works on {step} elements at a time, without a rest",
        fix=f"a positive multiple of {step}",
    )


def check_dtype(dtype: Any, known: Sequence[str], *, of: str) -> ElementType:
    """The element type; refuses one that the kernel is not written for."""
    found = element(dtype)
    if found.name in known:
        return found
    raise DesignError(
        f"{of} of {found.name}",
        at=author_line(),
        because=f"the kernel is written for {', '.join(known)}",
    )
