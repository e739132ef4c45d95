"""The bytes a buffer holds when the device is configured."""

import numpy as np
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine


def bytes_of(
    initial: Attribute, shape: tuple[int, ...], element: ElementType, at: SourceLine | None
) -> bytes:
    """The content of `dense<...>`, row-major and little-endian; one value fills the whole shape."""
    if not isinstance(initial, DenseIntOrFPElementsAttr):
        raise DesignError(f"initial value {initial} is not a dense list of numbers", at=at)
    count = int(np.prod(shape, dtype=np.int64))
    values = np.asarray(initial.get_values())
    if values.size not in (1, count):
        raise DesignError(
            f"initial value has {values.size} elements", at=at, because=f"the buffer has {count}"
        )
    if element.dtype.kind in "iu":
        bits = values.astype(np.int64).astype(element.dtype)
    else:
        bits = values.astype(element.dtype)
    return np.ascontiguousarray(np.broadcast_to(bits.reshape(-1), (count,))).tobytes()
