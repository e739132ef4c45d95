"""Values that an algorithm hands to its function beside the tiles: numbers, and small tensors.

A number becomes a constant of the core; a Buffer lies in its memory. A tensor, or its type, becomes
an argument of the sequence, is sent to every core once, and stays there while the core works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import (
    ArrayType,
    annotation_of,
    array_type,
    is_array_annotation,
    scalar_type,
)
from ironbird.iron.buffer import Buffer
from ironbird.iron.core_values import is_number
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle


@dataclass(frozen=True)
class Parameters:
    """The values in their order: numbers as they are, tensors as the fifo that brings them."""

    values: tuple[Any, ...]

    @classmethod
    def of(cls, given: Sequence[Any], algorithm: str) -> "Parameters":
        """Make the fifos. Refuses what is neither a number nor a tensor."""
        return cls(
            tuple(_parameter(value, number, algorithm) for number, value in enumerate(given))
        )

    @property
    def fifos(self) -> tuple[ObjectFifo, ...]:
        """The fifos of the tensors, in order."""
        return tuple(value for value in self.values if isinstance(value, ObjectFifo))

    def handles(self) -> list[Any]:
        """What one more worker is given: a new end of each fifo, and the numbers."""
        return [value.cons() if isinstance(value, ObjectFifo) else value for value in self.values]


def acquired(handles: Sequence[Any]) -> list[Any]:
    """In a core: the tensors' elements, and the numbers."""
    return [
        handle.acquire(1) if isinstance(handle, ObjectFifoHandle) else handle for handle in handles
    ]


def release(handles: Sequence[Any]) -> None:
    """In a core: let the tensors go."""
    for handle in handles:
        if isinstance(handle, ObjectFifoHandle):
            handle.release(1)


def array_of(tensor: Any, of: str) -> ArrayType:
    """The type of a tensor, or the one that is written."""
    if is_array_annotation(tensor):
        return array_type(tensor, of=of)
    if not is_tensor(tensor):
        raise DesignError(
            f"{of} of a {type(tensor).__name__}",
            at=author_line(),
            fix="a tensor, or its type: np.ndarray[shape, np.dtype[...]]",
        )
    return ArrayType(tuple(tensor.shape), scalar_type(tensor.dtype, of=of))


def is_tensor(value: Any) -> bool:
    """Whether `value` is a tensor, or stands for one in a jit generator; a type is none."""
    return not isinstance(value, type) and _has_shape(value) and not _is_written_type(value)


def _has_shape(value: Any) -> bool:
    return isinstance(getattr(value, "shape", None), tuple) and not is_number(value)


def _is_written_type(value: Any) -> bool:
    return is_array_annotation(value) and not hasattr(value, "array_annotation")


def _parameter(value: Any, number: int, algorithm: str) -> Any:
    if is_number(value) or isinstance(value, Buffer):
        return value
    if is_array_annotation(value) or is_tensor(value):
        of = f"parameter {number} of {algorithm}"
        return ObjectFifo(annotation_of(array_of(value, of)), depth=1, name=f"parameter{number}")
    raise DesignError(
        f"parameter {number} of {algorithm} is a {type(value).__name__}",
        at=author_line(),
        because="a function is given numbers, buffers and tensors beside its tiles",
    )
