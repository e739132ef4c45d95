"""Types and attributes as upstream's bindings make them: `IntegerType.get_signless(32)`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from xdsl.dialects import builtin
from xdsl.ir import Attribute, Region
from xdsl.ir import Block as IrBlock

from ironbird.iron.dialects.types import attribute_type
from ironbird.iron.mlir_types import dense_values, element_of


class Block:
    """Blocks of regions."""

    @staticmethod
    def create_at_start(
        parent: Region, arg_types: Sequence[Attribute] = (), **_place: Any
    ) -> IrBlock:
        """The first block of a region, made where there is none."""
        if not parent.blocks:
            parent.add_block(IrBlock(arg_types=arg_types))
        return parent.blocks[0]


class IntegerType:
    """Integers by their width in bits."""

    @staticmethod
    def get_signless(width: int, context: Any = None) -> builtin.IntegerType:
        """Integers whose sign the operations decide."""
        return builtin.IntegerType(width)

    @staticmethod
    def get_signed(width: int, context: Any = None) -> builtin.IntegerType:
        """Signed integers."""
        return builtin.IntegerType(width, builtin.Signedness.SIGNED)

    @staticmethod
    def get_unsigned(width: int, context: Any = None) -> builtin.IntegerType:
        """Unsigned integers, which can only be moved."""
        return builtin.IntegerType(width, builtin.Signedness.UNSIGNED)


class _Singleton:
    """A type without parameters."""

    made: Attribute

    @classmethod
    def get(cls, context: Any = None) -> Attribute:
        """The type."""
        return cls.made


class IndexType(_Singleton):
    """The type of loop counters."""

    made = builtin.IndexType()


class BF16Type(_Singleton):
    """bfloat16."""

    made = builtin.BFloat16Type()


class F16Type(_Singleton):
    """Half precision."""

    made = builtin.Float16Type()


class F32Type(_Singleton):
    """Single precision."""

    made = builtin.Float32Type()


class F64Type(_Singleton):
    """Double precision."""

    made = builtin.Float64Type()


class MemRefType:
    """Buffers."""

    @staticmethod
    def get(shape: Sequence[int], element_type: Any, **_layout: Any) -> builtin.MemRefType[Any]:
        """A dense buffer. shape: elements along each axis."""
        return builtin.MemRefType(attribute_type(element_type, of="MemRefType"), shape)


class VectorType:
    """Registers of several elements."""

    @staticmethod
    def get(shape: Sequence[int], element_type: Any, **_place: Any) -> builtin.VectorType[Any]:
        """A vector. shape: elements along each axis."""
        return builtin.VectorType(attribute_type(element_type, of="VectorType"), shape)


class IntegerAttr:
    """Integers as attributes."""

    @staticmethod
    def get(type: Any, value: int) -> builtin.IntegerAttr[Any]:
        """A number of a type."""
        return builtin.IntegerAttr(value, type)


class StringAttr:
    """Texts as attributes."""

    @staticmethod
    def get(value: str, context: Any = None) -> builtin.StringAttr:
        """A text."""
        return builtin.StringAttr(value)


class TypeAttr:
    """Types as attributes: here a type is one already."""

    @staticmethod
    def get(value: Attribute, context: Any = None) -> Attribute:
        """The type."""
        return value


class DenseElementsAttr:
    """Arrays as attributes."""

    @staticmethod
    def get(array: Any, type: Any = None, **_place: Any) -> builtin.DenseIntOrFPElementsAttr:
        """The values of an array."""
        values = np.asarray(array)
        element = element_of(attribute_type(values.dtype.type, of="DenseElementsAttr"))
        assert element is not None
        return dense_values(values, element, as_tensor=True)
