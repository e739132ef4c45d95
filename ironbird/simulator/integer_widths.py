"""How wide an integer type is."""

from ironbird.base.element_types import ElementType


def bits_of(element: ElementType) -> int:
    """Width of an integer type."""
    return 1 if element.name == "i1" else element.bytes * 8
