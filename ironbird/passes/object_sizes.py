"""How large an object, a buffer's content, is."""

import math

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Attribute

from ironbird.base.element_types import ELEMENT_TYPES


def element_count(object_type: MemRefType[Attribute]) -> int:
    """How many elements an object has."""
    return math.prod(object_type.get_shape())


def element_bytes(object_type: MemRefType[Attribute]) -> int:
    """Size of one element, bytes."""
    return ELEMENT_TYPES[str(object_type.element_type)].bytes


def object_bytes(object_type: MemRefType[Attribute]) -> int:
    """Size of an object, bytes."""
    return element_count(object_type) * element_bytes(object_type)
