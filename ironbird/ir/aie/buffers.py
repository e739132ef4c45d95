"""Buffers: memory of a tile, and memory of the host."""

from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    MemRefType,
    StringAttr,
    TensorType,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import OptionalSymbolOpInterface
from xdsl.utils.exceptions import ParseError

from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.integers import FALSE, TRUE, Integer, as_i32, as_i64, as_text
from ironbird.ir.pieces import Attributes, Operand, ResultType


@irdl_op_definition
class BufferOp(FormattedOperation):
    """Memory of a tile. `address` is in bytes from the start of the tile's memory."""

    name = "aie.buffer"
    tile = operand_def(INDEX)
    sym_name = opt_prop_def(StringAttr)
    address = opt_prop_def(Integer)
    initial_value = opt_prop_def(DenseIntOrFPElementsAttr)
    mem_bank = opt_prop_def(Integer)
    aligned = prop_def(Integer, default_value=TRUE)
    buffer = result_def(MemRefType)
    traits = traits_def(OptionalSymbolOpInterface())

    def __init__(
        self,
        tile: SSAValue | Operation,
        buffer_type: MemRefType[Attribute],
        sym_name: str | None = None,
        *,
        address: int | None = None,
        mem_bank: int | None = None,
        initial_value: DenseIntOrFPElementsAttr | None = None,
        aligned: bool = True,
    ) -> None:
        super().__init__(
            operands=[tile],
            properties={
                "sym_name": as_text(sym_name),
                "address": as_i32(address),
                "mem_bank": as_i32(mem_bank),
                "initial_value": initial_value,
                "aligned": TRUE if aligned else FALSE,
            },
            result_types=[buffer_type],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            Operand("tile").parse(parser, parts)
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        start = parser.pos
        memref = parser.parse_type()
        if not isinstance(memref, MemRefType) or not memref.has_static_shape():
            parser.raise_error(
                f"type should be static shaped memref, but got '{memref}'", start, parser.pos
            )
        parts.result_types.append(memref)
        if parser.parse_optional_characters("=") is not None:
            parts.properties["initial_value"] = parse_dense(parser, memref)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        with printer.in_parens():
            printer.print_ssa_value(self.tile)
        print_remaining(printer, self, ("initial_value",))
        printer.print_string(" : ")
        printer.print_attribute(self.buffer.type)
        printer.print_string(" ")
        if self.initial_value is not None:
            printer.print_string("= ")
            print_dense_without_type(printer, self.initial_value)


@irdl_op_definition
class ExternalBufferOp(FormattedOperation):
    """Memory of the host that a shim DMA reads or writes by a fixed address."""

    name = "aie.external_buffer"
    sym_name = opt_prop_def(StringAttr)
    address = opt_prop_def(Integer)
    buffer = result_def(MemRefType)
    traits = traits_def(OptionalSymbolOpInterface())
    FORMAT: ClassVar[Format] = (Attributes(), " : ", ResultType())

    def __init__(
        self,
        buffer_type: MemRefType[Attribute],
        sym_name: str | None = None,
        address: int | None = None,
    ) -> None:
        super().__init__(
            properties={"sym_name": as_text(sym_name), "address": as_i64(address)},
            result_types=[buffer_type],
        )


def parse_dense(parser: Parser, memref: MemRefType[Attribute]) -> Attribute:
    """Read `dense<...>` without the type behind it: a tensor like `memref`."""
    tensor: TensorType[Any] = TensorType(memref.element_type, memref.get_shape())
    start = parser.pos
    parser.parse_characters("dense")
    try:
        return parser.parse_dense_int_or_fp_elements_attr(tensor)
    except ParseError as error:
        parser.raise_error(error.msg, start, parser.pos)


def print_dense_without_type(printer: Printer, values: DenseIntOrFPElementsAttr) -> None:
    """Print `dense<...>`."""
    values.print_without_type(printer)
