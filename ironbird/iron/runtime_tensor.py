"""A tensor of the host, as the sequence's function receives it."""

from typing import Any

import numpy as np
from xdsl.ir import SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import annotation_of, array_type
from ironbird.iron.taplib.pattern import TensorAccessPattern


class RuntimeData:
    """One tensor argument of a runtime sequence. number: its position."""

    is_scalar = False

    def __init__(self, arr_type: Any, number: int = 0, op: SSAValue | None = None) -> None:
        self.array = array_type(arr_type, of="an argument of the sequence")
        self.number = number
        self._op = op

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

    @property
    def op(self) -> SSAValue:
        """Its value in the sequence. Refuses before the sequence is traced."""
        if self._op is None:
            raise DesignError(
                f"argument {self.number} of the sequence has no value yet",
                at=author_line(),
                because="`with rt.sequence(...)` only records; the program is built later",
                fix="rt.inline_ops(function, [tensor]), whose function runs later",
            )
        return self._op

    @op.setter
    def op(self, op: SSAValue) -> None:
        self._op = op

    def default_tap(self) -> TensorAccessPattern:
        """The whole tensor, linearly."""
        count = self.array.element_count
        return TensorAccessPattern(self.shape, 0, [1, 1, 1, count], [0, 0, 0, 1])

    def __repr__(self) -> str:
        return f"<argument {self.number} of the sequence: {self.array}>"
