"""How large an object, a buffer's content, is."""

import math

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Attribute

from ironbird.passes.element_bytes import element_bytes_of


def element_count(object_type: MemRefType[Attribute]) -> int:
    """How many elements an object has."""
    return math.prod(object_type.get_shape())


def element_bytes(object_type: MemRefType[Attribute]) -> int:
    """Size of one element, bytes."""
    return element_bytes_of(object_type.element_type)


def object_bytes(object_type: MemRefType[Attribute]) -> int:
    """Size of an object, bytes."""
    return element_count(object_type) * element_bytes(object_type)
