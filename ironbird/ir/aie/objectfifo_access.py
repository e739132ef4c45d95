"""What a core does with a fifo: acquire objects, look at one, release."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import MemRefType, SymbolRefAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir.aie.attributes import ObjectFifoSubviewType
from ironbird.ir.assembly import Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.codes import FIFO_PORTS, Coded, FifoPort
from ironbird.ir.integers import Integer, as_i32, as_symbol, i32, number_of
from ironbird.ir.pieces import Attributes, Number, Reference, ResultType, Word

_USE: Format = (
    " ",
    Reference("objFifo_name"),
    "(",
    Word("port", FIFO_PORTS),
    ", ",
    Number("size", i32),
    ")",
    Attributes(),
)


@irdl_op_definition
class ObjectFifoAcquireOp(FormattedOperation):
    """Wait until `size` objects are held (those already held count); yields a view of them."""

    name = "aie.objectfifo.acquire"
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")
    port = prop_def(Coded(FIFO_PORTS))
    size = prop_def(Integer)
    subview = result_def(ObjectFifoSubviewType)
    FORMAT: ClassVar[Format] = (*_USE, " : ", ResultType())

    def __init__(
        self, fifo_name: str, port: FifoPort | str, size: int, object_type: MemRefType[Attribute]
    ) -> None:
        super().__init__(
            properties={
                "objFifo_name": as_symbol(fifo_name),
                "port": FIFO_PORTS.attr(port),
                "size": as_i32(size),
            },
            result_types=[ObjectFifoSubviewType(object_type)],
        )

    @property
    def fifo_name(self) -> str:
        """The fifo's name."""
        name: str = self.obj_fifo_name.root_reference.data
        return name

    @property
    def fifo_port(self) -> FifoPort:
        """The end of the fifo that the core holds."""
        return FIFO_PORTS.word(self.port)


@irdl_op_definition
class ObjectFifoReleaseOp(FormattedOperation):
    """Give back the `size` objects held longest."""

    name = "aie.objectfifo.release"
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")
    port = prop_def(Coded(FIFO_PORTS))
    size = prop_def(Integer)
    FORMAT: ClassVar[Format] = _USE

    def __init__(self, fifo_name: str, port: FifoPort | str, size: int) -> None:
        super().__init__(
            properties={
                "objFifo_name": as_symbol(fifo_name),
                "port": FIFO_PORTS.attr(port),
                "size": as_i32(size),
            }
        )

    @property
    def fifo_name(self) -> str:
        """The fifo's name."""
        name: str = self.obj_fifo_name.root_reference.data
        return name

    @property
    def fifo_port(self) -> FifoPort:
        """The end of the fifo that the core holds."""
        return FIFO_PORTS.word(self.port)


@irdl_op_definition
class ObjectFifoSubviewAccessOp(FormattedOperation):
    """The object number `index` of those an acquire returned, the oldest first."""

    name = "aie.objectfifo.subview.access"
    subview = operand_def(ObjectFifoSubviewType)
    index = prop_def(Integer)
    output = result_def(MemRefType)

    def __init__(self, subview: SSAValue | Operation, index: int) -> None:
        value = SSAValue.get(subview)
        assert isinstance(value.type, ObjectFifoSubviewType)
        super().__init__(
            operands=[value],
            properties={"index": as_i32(index)},
            result_types=[value.type.element],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        subview = parser.parse_unresolved_operand()
        with parser.in_square_brackets():
            Number("index", i32).parse(parser, parts)
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        parts.operands["subview"] = [parser.resolve_operand(subview, parser.parse_type())]
        parser.parse_characters("->")
        parts.result_types.append(parser.parse_type())
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.subview)
        printer.print_string(f"[{number_of(self.index)}]")
        print_remaining(printer, self, ("index",))
        printer.print_string(" : ")
        printer.print_attribute(self.subview.type)
        printer.print_string(" -> ")
        printer.print_attribute(self.output.type)
