"""Element types: one name for what numpy, MLIR and C++ each spell their own way."""

from dataclasses import dataclass

import ml_dtypes
import numpy as np


@dataclass(frozen=True)
class ElementType:
    """One number of a buffer.

    name: as MLIR prints it (`i8`, `ui8`, `bf16`); `index` and `i1` exist in core code only.
    cpp:  as a kernel's C++ spells it.
    """

    name: str
    dtype: np.dtype
    cpp: str

    @property
    def bytes(self) -> int:
        """Size in memory, bytes."""
        return self.dtype.itemsize

    @property
    def is_float(self) -> bool:
        """Whether arithmetic is floating point."""
        return self.name in ("bf16", "f16", "f32", "f64")

    @property
    def is_unsigned(self) -> bool:
        """Whether it is one of MLIR's `ui` types, which a core can move but not compute with."""
        return self.name.startswith("ui")

    def __str__(self) -> str:
        return self.name


def _table() -> dict[str, ElementType]:
    rows = [
        ("i8", np.int8, "int8_t"),
        ("i16", np.int16, "int16_t"),
        ("i32", np.int32, "int32_t"),
        ("i64", np.int64, "int64_t"),
        ("ui8", np.uint8, "uint8_t"),
        ("ui16", np.uint16, "uint16_t"),
        ("ui32", np.uint32, "uint32_t"),
        ("ui64", np.uint64, "uint64_t"),
        ("bf16", ml_dtypes.bfloat16, "bfloat16"),
        ("f16", np.float16, "_Float16"),
        ("f32", np.float32, "float"),
        ("f64", np.float64, "double"),
        ("i1", np.bool_, "bool"),
        ("index", np.int64, "int64_t"),
    ]
    return {name: ElementType(name, np.dtype(scalar), cpp) for name, scalar, cpp in rows}


ELEMENT_TYPES: dict[str, ElementType] = _table()

_BLOCK_FLOATS = ("v8bfp16ebs8", "v16bfp16ebs16")
_BY_DTYPE = {element.dtype: element for name, element in ELEMENT_TYPES.items() if name != "index"}


def element_type_of(dtype: object) -> ElementType:
    """The element type of anything numpy accepts as a dtype.

    Raises TypeError for a dtype that the device has no element type for.
    """
    name = getattr(dtype, "__name__", None)
    if name in _BLOCK_FLOATS:
        raise TypeError(f"{name} is a block float, which npu2 has and npu1 has not")
    found = _BY_DTYPE.get(np.dtype(dtype))  # type: ignore[call-overload]
    if found is None:
        known = ", ".join(sorted(str(known.dtype) for known in _BY_DTYPE.values()))
        raise TypeError(f"{np.dtype(dtype)} is not an element type; known: {known}")  # type: ignore[call-overload]
    return found
