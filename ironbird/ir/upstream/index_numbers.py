"""The `index` dialect, which xDSL lacks: arithmetic on numbers as wide as an address."""

from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, StringAttr
from xdsl.ir import (
    Attribute,
    Dialect,
    Operation,
    ParametrizedAttribute,
    SpacedOpaqueSyntaxAttribute,
    SSAValue,
)
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, Types
from ironbird.ir.integers import i1
from ironbird.ir.pieces import Attributes, Operand, Value

COMPARISONS = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")


@irdl_op_definition
class ConstantOp(FormattedOperation):
    """A number: `index.constant 4`."""

    name = "index.constant"
    value = prop_def(IntegerAttr)
    result = result_def(INDEX)
    traits = traits_def(Pure())
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = ()

    def __init__(self, value: int) -> None:
        super().__init__(
            properties={"value": IntegerAttr(value, IndexType())}, result_types=[INDEX]
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        Attributes().parse(parser, parts)
        parts.properties["value"] = IntegerAttr(parser.parse_integer(), IndexType())
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        Attributes(spelled_elsewhere=("value",)).print(printer, self)
        printer.print_string(f" {self.value.value.data}")


class BinaryIndexOperation(FormattedOperation):
    """Two numbers to one."""

    lhs = operand_def(INDEX)
    rhs = operand_def(INDEX)
    result = result_def(INDEX)
    traits = traits_def(Pure())
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (" ", Operand("lhs"), ", ", Operand("rhs"), Attributes())

    def __init__(self, lhs: SSAValue | Operation, rhs: SSAValue | Operation) -> None:
        super().__init__(operands=[lhs, rhs], result_types=[INDEX])


@irdl_op_definition
class AddOp(BinaryIndexOperation):
    """Sum."""

    name = "index.add"


@irdl_op_definition
class SubOp(BinaryIndexOperation):
    """Difference."""

    name = "index.sub"


@irdl_op_definition
class MulOp(BinaryIndexOperation):
    """Product."""

    name = "index.mul"


@irdl_op_definition
class DivSOp(BinaryIndexOperation):
    """Signed quotient, towards zero."""

    name = "index.divs"


@irdl_op_definition
class DivUOp(BinaryIndexOperation):
    """Unsigned quotient."""

    name = "index.divu"


@irdl_op_definition
class CeilDivSOp(BinaryIndexOperation):
    """Signed quotient, upwards."""

    name = "index.ceildivs"


@irdl_op_definition
class CeilDivUOp(BinaryIndexOperation):
    """Unsigned quotient, upwards."""

    name = "index.ceildivu"


@irdl_op_definition
class FloorDivSOp(BinaryIndexOperation):
    """Signed quotient, downwards."""

    name = "index.floordivs"


@irdl_op_definition
class RemSOp(BinaryIndexOperation):
    """Signed remainder."""

    name = "index.rems"


@irdl_op_definition
class RemUOp(BinaryIndexOperation):
    """Unsigned remainder."""

    name = "index.remu"


@irdl_op_definition
class MaxSOp(BinaryIndexOperation):
    """Signed maximum."""

    name = "index.maxs"


@irdl_op_definition
class MaxUOp(BinaryIndexOperation):
    """Unsigned maximum."""

    name = "index.maxu"


@irdl_op_definition
class MinSOp(BinaryIndexOperation):
    """Signed minimum."""

    name = "index.mins"


@irdl_op_definition
class MinUOp(BinaryIndexOperation):
    """Unsigned minimum."""

    name = "index.minu"


@irdl_op_definition
class ShlOp(BinaryIndexOperation):
    """Shift to the left."""

    name = "index.shl"


@irdl_op_definition
class ShrSOp(BinaryIndexOperation):
    """Arithmetic shift to the right."""

    name = "index.shrs"


@irdl_op_definition
class ShrUOp(BinaryIndexOperation):
    """Logical shift to the right."""

    name = "index.shru"


@irdl_op_definition
class AndOp(BinaryIndexOperation):
    """Bits in both."""

    name = "index.and"


@irdl_op_definition
class OrOp(BinaryIndexOperation):
    """Bits in either."""

    name = "index.or"


@irdl_op_definition
class XOrOp(BinaryIndexOperation):
    """Bits in one of the two."""

    name = "index.xor"


@irdl_attr_definition
class CmpPredicateAttr(ParametrizedAttribute, SpacedOpaqueSyntaxAttribute):
    """A comparison by its word: `#index<cmp_predicate slt>`."""

    name = "index.cmp_predicate"
    word: StringAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        start = parser.pos
        word = parser.parse_identifier(" as the comparison")
        if word not in COMPARISONS:
            known = ", ".join(COMPARISONS)
            parser.raise_error(f"unknown comparison {word!r}; known: {known}", start, parser.pos)
        return [StringAttr(word)]

    def print_parameters(self, printer: Printer) -> None:
        printer.print_string(self.word.data)


def _parse_predicate(parser: Parser) -> Attribute:
    return CmpPredicateAttr.new(CmpPredicateAttr.parse_parameters(parser))


def _print_predicate(printer: Printer, predicate: Attribute) -> None:
    assert isinstance(predicate, CmpPredicateAttr)
    predicate.print_parameters(printer)


@irdl_op_definition
class CmpOp(FormattedOperation):
    """A comparison: `index.cmp slt(%a, %b)`."""

    name = "index.cmp"
    pred = prop_def(CmpPredicateAttr)
    lhs = operand_def(INDEX)
    rhs = operand_def(INDEX)
    result = result_def(i1)
    traits = traits_def(Pure())
    RESULT_TYPES: ClassVar[Types] = (i1,)
    FORMAT: ClassVar[Format] = (
        " ",
        Value(
            "pred",
            _parse_predicate,
            _print_predicate,
        ),
        "(",
        Operand("lhs"),
        ", ",
        Operand("rhs"),
        ")",
        Attributes(),
    )

    def __init__(
        self, predicate: str, lhs: SSAValue | Operation, rhs: SSAValue | Operation
    ) -> None:
        super().__init__(
            operands=[lhs, rhs],
            properties={"pred": CmpPredicateAttr(StringAttr(predicate))},
            result_types=[i1],
        )


@irdl_op_definition
class CastSOp(IRDLOperation):
    """Between an index and an integer, keeping the sign."""

    name = "index.casts"
    input = operand_def(base(IntegerType) | base(IndexType))
    output = result_def(base(IntegerType) | base(IndexType))
    traits = traits_def(Pure())
    assembly_format = "$input attr-dict `:` type($input) `to` type($output)"


@irdl_op_definition
class CastUOp(IRDLOperation):
    """Between an index and an integer, widening with zeros."""

    name = "index.castu"
    input = operand_def(base(IntegerType) | base(IndexType))
    output = result_def(base(IntegerType) | base(IndexType))
    traits = traits_def(Pure())
    assembly_format = "$input attr-dict `:` type($input) `to` type($output)"


Index = Dialect(
    "index",
    [
        ConstantOp,
        *(found for found in BinaryIndexOperation.__subclasses__()),
        CmpOp,
        CastSOp,
        CastUOp,
    ],
    [CmpPredicateAttr],
)
