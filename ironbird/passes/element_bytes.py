"""The size of one element of a buffer."""

from xdsl.dialects.builtin import AnyFloat, IntegerType
from xdsl.ir import Attribute


def element_bytes_of(type_: Attribute) -> int:
    """Bytes of one number of an integer or floating-point type of whole bytes."""
    match type_:
        case IntegerType():
            bits = int(type_.width.data)
        case _ if isinstance(type_, AnyFloat):
            bits = int(type_.bitwidth)
        case _:
            raise TypeError(f"{type_} is not the type of an element in memory")
    if bits % 8:
        raise TypeError(f"{type_} has {bits} bits, not whole bytes")
    return bits // 8
