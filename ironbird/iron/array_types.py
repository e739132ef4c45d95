"""What `np.ndarray[(64,), np.dtype[np.int32]]` says: a shape and an element type.

IRON writes the type of an array as a generic alias; this module reads it, and anything else that
names one number (`np.int32`, `np.dtype("int32")`). Refuses what has no element type on the device.
"""

import math
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import numpy as np

from ironbird.base.element_types import ElementType, element_type_of
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line


@dataclass(frozen=True)
class ArrayType:
    """A dense row-major array. shape: elements along each axis, outermost first."""

    shape: tuple[int, ...]
    element: ElementType

    @property
    def element_count(self) -> int:
        """How many elements the array has."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """Size in memory, bytes."""
        return self.element_count * self.element.bytes

    def __str__(self) -> str:
        return "x".join([*map(str, self.shape), self.element.name])


def array_type(annotation: object, *, of: str) -> ArrayType:
    """The array that `annotation` describes. `of` names the author's object in the refusal."""
    if isinstance(annotation, ArrayType):
        return annotation
    annotation = getattr(annotation, "array_annotation", annotation)
    if get_origin(annotation) is not np.ndarray or len(get_args(annotation)) != 2:
        raise DesignError(
            f"{of} needs an array type, not {shown(annotation)}",
            at=author_line(),
            fix="np.ndarray[(64,), np.dtype[np.int32]]",
        )
    shape_part, dtype_part = get_args(annotation)
    shape = (shape_part,) if isinstance(shape_part, int | np.integer) else shape_part
    if not isinstance(shape, tuple | list) or not all(
        isinstance(size, int | np.integer) and size > 0 for size in shape
    ):
        raise DesignError(
            f"{of} has the shape {shape!r}",
            at=author_line(),
            because="every size must be an integer of at least 1",
        )
    return ArrayType(tuple(int(size) for size in shape), scalar_type(dtype_part, of=of))


def scalar_type(annotation: object, *, of: str) -> ElementType:
    """The element type that a dtype, a numpy scalar class or `np.dtype[...]` names."""
    arguments = get_args(annotation)
    dtype = arguments[0] if get_origin(annotation) is np.dtype and arguments else annotation
    try:
        return element_type_of(dtype)
    except TypeError as error:
        raise DesignError(
            f"{of} has no element type for {shown(dtype)}", at=author_line(), because=str(error)
        ) from None


def is_array_annotation(annotation: object) -> bool:
    """Whether `annotation` is `np.ndarray[...]`, as opposed to a dtype or a value.

    A tensor that stands for its type while a jit design is built has an `array_annotation`.
    """
    if isinstance(annotation, ArrayType) or hasattr(annotation, "array_annotation"):
        return True
    return get_origin(annotation) is np.ndarray


def is_scalar_annotation(annotation: object) -> bool:
    """Whether `annotation` names one number: a numpy scalar class or a dtype."""
    if isinstance(annotation, np.dtype) or get_origin(annotation) is np.dtype:
        return True
    return isinstance(annotation, type) and issubclass(annotation, np.generic)


def annotation_of(array: ArrayType) -> Any:
    """`np.ndarray[shape, np.dtype[...]]` again, as authors read it back from `obj_type`."""
    return np.ndarray[array.shape, np.dtype[array.element.dtype.type]]  # type: ignore[name-defined]


def shown(value: object) -> str:
    """A value as an author would write it, cut short."""
    text = value.__name__ if isinstance(value, type) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
