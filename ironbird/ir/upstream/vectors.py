"""The operations of `vector` that xDSL lacks and cores use."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import ArrayAttr, VectorType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from ironbird.ir.assembly import Format, FormattedOperation, Parts
from ironbird.ir.integers import Integer
from ironbird.ir.pieces import Attributes


class VectorConversion(FormattedOperation):
    """`%v attr-dict : type to type`."""

    FORMAT: ClassVar[Format] = ()
    source = operand_def(VectorType)
    result = result_def(VectorType)
    traits = traits_def(Pure())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        source = parser.parse_unresolved_operand()
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        parts.operands["source"] = [parser.resolve_operand(source, parser.parse_type())]
        parser.parse_characters("to")
        parts.result_types.append(parser.parse_type())
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.source)
        Attributes().print(printer, self)
        printer.print_string(" : ")
        printer.print_attribute(self.source.type)
        printer.print_string(" to ")
        printer.print_attribute(self.result.type)


@irdl_op_definition
class ShapeCastOp(VectorConversion):
    """The same elements in another shape."""

    name = "vector.shape_cast"

    def __init__(self, source: SSAValue | Operation, result_type: Attribute) -> None:
        super().__init__(operands=[source], result_types=[result_type])


@irdl_op_definition
class ExtractStridedSliceOp(VectorConversion):
    """A box of elements of a vector."""

    name = "vector.extract_strided_slice"
    offsets = prop_def(ArrayAttr[Integer])
    sizes = prop_def(ArrayAttr[Integer])
    strides = prop_def(ArrayAttr[Integer])
