"""A tensor of the host, as the sequence's function receives it."""

from typing import Any

import numpy as np
from xdsl.ir import SSAValue

from ironbird.iron.array_types import ArrayType, annotation_of
from ironbird.iron.taplib.pattern import TensorAccessPattern


class RuntimeData:
    """One tensor argument of a runtime sequence; `op` is its value, `number` its position."""

    is_scalar = False

    def __init__(self, array: ArrayType, op: SSAValue, number: int) -> None:
        self.array = array
        self.op = op
        self.number = number

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements along each axis."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype of one element."""
        return self.array.element.dtype

    @property
    def arr_type(self) -> Any:
        """The array type, as it was written."""
        return annotation_of(self.array)

    def default_tap(self) -> TensorAccessPattern:
        """The whole tensor, linearly."""
        count = self.array.element_count
        return TensorAccessPattern(self.shape, 0, [1, 1, 1, count], [0, 0, 0, 1])

    def __repr__(self) -> str:
        return f"<argument {self.number} of the sequence: {self.array}>"
