"""What a marked jit generator gets in place of a tensor: its shape and element type, and no values.

A design is built once for every tensor of that shape, so its values cannot decide what is built.
It goes wherever an array type goes, for generators of the newest IRON that receive types.
Built without a call (`as_mlir()`), a generator gets tensors whose shape nobody has said.
"""

from typing import Any, NoReturn

import numpy as np

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line


class TensorPlaceholder:
    """A tensor while the design is being built. Using it as values raises DesignError."""

    def __init__(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.name = name
        self.shape = shape
        self.dtype = dtype

    @property
    def array_annotation(self) -> Any:
        """`np.ndarray[shape, np.dtype[...]]`."""
        return np.ndarray[self.shape, np.dtype[self.dtype.type]]  # type: ignore[name-defined]

    @property
    def ndim(self) -> int:
        """How many axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many elements."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return self.size * self.dtype.itemsize

    def numel(self) -> int:
        """How many elements."""
        return self.size

    def element_size(self) -> int:
        """Bytes of one element."""
        return self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        return f"TensorPlaceholder({self.name!r}, {self.shape}, {self.dtype})"

    def _has_no_values(self, *_arguments: object, **_named: object) -> NoReturn:
        raise DesignError(
            f"tensor {self.name!r} has no values while the design is being built",
            at=author_line(),
            because="the design is built once for every tensor of its shape and element type",
            fix="use its shape and dtype; give a value that decides what is built as CompileTime",
        )

    __array__ = __getitem__ = __setitem__ = __iter__ = __bool__ = _has_no_values
    __int__ = __float__ = __index__ = __add__ = __radd__ = __sub__ = __mul__ = _has_no_values
    numpy = _has_no_values


class UnknownTensor(TensorPlaceholder):
    """A tensor of a design built without a call. Asking for its shape raises DesignError."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, attribute: str) -> NoReturn:
        if attribute not in ("shape", "dtype", "array_annotation"):
            raise AttributeError(f"a tensor of a jit design has no {attribute!r}")
        raise DesignError(
            f"the shape of tensor {self.name!r} is not known",
            at=author_line(),
            because="the design is built without a call, and no type was given for the tensor",
            fix=f"{self.name}=np.ndarray[shape, np.dtype[...]] in specialize(), as_mlir(), "
            "or compile()",
        )

    def __repr__(self) -> str:
        return f"UnknownTensor({self.name!r})"
