"""Fifos of objects between tiles: their ends, depths and layouts."""

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IntegerAttr,
    MemRefType,
    StringAttr,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    BaseAttr,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface

from ironbird.ir.aie.attributes import (
    BdDimLayoutArrayArrayAttr,
    BdDimLayoutArrayAttr,
    BdDimLayoutAttr,
    BdPadLayoutArrayAttr,
    ObjectFifoType,
    parse_elements,
    print_elements,
)
from ironbird.ir.assembly import INDEX, FormattedOperation, Parts, print_remaining
from ironbird.ir.integers import (
    FALSE,
    Integer,
    Integers,
    as_bool,
    as_i32,
    i32,
    number_of,
)
from ironbird.ir.pieces import Attributes, Operand, SymbolName

Layout = Sequence[tuple[int, int]]
"""(size, stride) per dimension in elements, outermost first; empty for a linear transfer."""

_SPELLED = (
    "sym_name",
    "elemNumber",
    "elemType",
    "consumerElemType",
    "dimensionsToStream",
    "dimensionsFromStreamPerConsumer",
    "initValues",
)


@irdl_op_definition
class ObjectFifoOp(FormattedOperation):
    """A ring of objects from one producer tile to one or more consumer tiles.

    elem_number: the depth of every end, or an array with the producer's and each consumer's.
    elem_type:   one object; `cons_elem_type` is the consumers' smaller one, where it differs.
    """

    name = "aie.objectfifo"
    producer_tile = operand_def(INDEX)
    consumer_tiles = var_operand_def(INDEX)
    sym_name = prop_def(StringAttr)
    elem_number: Integer | ArrayAttr[Integer] = prop_def(
        BaseAttr(IntegerAttr) | BaseAttr(ArrayAttr), prop_name="elemNumber"
    )
    elem_type = prop_def(ObjectFifoType, prop_name="elemType")
    cons_elem_type = opt_prop_def(ObjectFifoType, prop_name="consumerElemType")
    dimensions_to_stream = prop_def(
        BdDimLayoutArrayAttr,
        prop_name="dimensionsToStream",
        default_value=BdDimLayoutArrayAttr.of(()),
    )
    dimensions_from_stream_per_consumer = prop_def(
        BdDimLayoutArrayArrayAttr, prop_name="dimensionsFromStreamPerConsumer"
    )
    init_values = opt_prop_def(ArrayAttr, prop_name="initValues")
    via_dma = prop_def(Integer, prop_name="via_DMA", default_value=FALSE)
    plio = prop_def(Integer, default_value=FALSE)
    disable_synchronization = prop_def(Integer, default_value=FALSE)
    repeat_count = opt_prop_def(Integer)
    iter_count = opt_prop_def(Integer)
    pad_dimensions = opt_prop_def(BdPadLayoutArrayAttr, prop_name="padDimensions")
    pad_value = opt_prop_def(Integer, prop_name="padValue")
    aie_stream = opt_prop_def(Integer)
    aie_stream_port = opt_prop_def(Integer)
    prod_dma_channel = opt_prop_def(Integer)
    cons_dma_channels = opt_prop_def(Integers)
    traits = traits_def(SymbolOpInterface())

    def __init__(
        self,
        sym_name: str,
        producer_tile: SSAValue | Operation,
        consumer_tiles: Sequence[SSAValue | Operation],
        depth: int | Sequence[int],
        object_type: MemRefType[Attribute],
        *,
        consumer_object_type: MemRefType[Attribute] | None = None,
        dimensions_to_stream: Layout = (),
        dimensions_from_stream_per_consumer: Sequence[Layout] | None = None,
        init_values: Sequence[Attribute] | None = None,
        via_dma: bool = False,
        plio: bool = False,
        disable_synchronization: bool = False,
        repeat_count: int | None = None,
        iter_count: int | None = None,
        pad_dimensions: Sequence[tuple[int, int]] | None = None,
        aie_stream: int | None = None,
        aie_stream_port: int | None = None,
        prod_dma_channel: int | None = None,
        cons_dma_channels: Sequence[int] | None = None,
    ) -> None:
        layouts = dimensions_from_stream_per_consumer
        super().__init__(
            operands=[producer_tile, list(consumer_tiles)],
            properties={
                "sym_name": StringAttr(sym_name),
                "elemNumber": as_i32(depth)
                if isinstance(depth, int)
                else ArrayAttr(IntegerAttr(each, i32) for each in depth),
                "elemType": ObjectFifoType(object_type),
                "consumerElemType": None
                if consumer_object_type is None
                else ObjectFifoType(consumer_object_type),
                "dimensionsToStream": BdDimLayoutArrayAttr.of(dimensions_to_stream),
                "dimensionsFromStreamPerConsumer": BdDimLayoutArrayArrayAttr.of(
                    [()] * len(consumer_tiles) if layouts is None else layouts
                ),
                "initValues": None if init_values is None else ArrayAttr(init_values),
                "via_DMA": as_bool(via_dma),
                "plio": as_bool(plio),
                "disable_synchronization": as_bool(disable_synchronization),
                "repeat_count": as_i32(repeat_count),
                "iter_count": as_i32(iter_count),
                "padDimensions": None
                if pad_dimensions is None
                else BdPadLayoutArrayAttr.of(pad_dimensions),
                "aie_stream": as_i32(aie_stream),
                "aie_stream_port": as_i32(aie_stream_port),
                "prod_dma_channel": as_i32(prod_dma_channel),
                "cons_dma_channels": None
                if cons_dma_channels is None
                else DenseArrayBase.from_list(i32, list(cons_dma_channels)),
            },
        )

    @property
    def depths(self) -> tuple[int, ...]:
        """The depth of the producer and of each consumer, also where one number stands for all."""
        if isinstance(self.elem_number, ArrayAttr):
            return tuple(number_of(each) for each in self.elem_number)
        return (number_of(self.elem_number),) * (1 + len(self.consumer_tiles))

    @property
    def object_type(self) -> MemRefType[Attribute]:
        """One object as the producer sees it."""
        return self.elem_type.element

    @property
    def consumer_object_type(self) -> MemRefType[Attribute]:
        """One object as a consumer sees it."""
        return (self.elem_type if self.cons_elem_type is None else self.cons_elem_type).element

    @property
    def consumer_layouts(self) -> tuple[BdDimLayoutArrayAttr, ...]:
        """The layout of each consumer, in order."""
        return tuple(self.dimensions_from_stream_per_consumer.layouts)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        SymbolName().parse(parser, parts)
        with parser.in_parens():
            Operand("producer_tile").parse(parser, parts)
            to_stream = _parse_layout(parser, "dimensionsToStream")
            parser.parse_characters(",")
            from_stream: list[BdDimLayoutArrayAttr] = []

            def parse_consumer() -> SSAValue:
                tile = parser.parse_operand(INDEX)
                from_stream.append(_parse_layout(parser, "dimensionsFromStream"))
                return tile

            parts.operands["consumer_tiles"] = parser.parse_comma_separated_list(
                parser.Delimiter.BRACES, parse_consumer
            )
            parser.parse_characters(",")
            parts.properties["elemNumber"] = parser.parse_attribute()
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        parts.properties["elemType"] = _parse_object_type(parser)
        if parser.parse_optional_characters("->") is not None:
            parts.properties["consumerElemType"] = _parse_object_type(parser)
        if parser.parse_optional_characters("=") is not None:
            parts.properties["initValues"] = ArrayAttr(
                parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_attribute)
            )
        parts.properties["dimensionsToStream"] = to_stream
        parts.properties["dimensionsFromStreamPerConsumer"] = BdDimLayoutArrayArrayAttr(
            ArrayAttr(from_stream)
        )
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string("(")
        printer.print_ssa_value(self.producer_tile)
        _print_layout(printer, "dimensionsToStream", self.dimensions_to_stream)
        printer.print_string(", {")
        ends = zip(self.consumer_tiles, self.consumer_layouts, strict=True)
        for position, (tile, layout) in enumerate(ends):
            if position:
                printer.print_string(", ")
            printer.print_ssa_value(tile)
            _print_layout(printer, "dimensionsFromStream", layout)
        printer.print_string("}, ")
        printer.print_attribute(self.elem_number)
        printer.print_string(")")
        print_remaining(printer, self, _SPELLED)
        printer.print_string(" : ")
        printer.print_attribute(self.elem_type)
        printer.print_string("  ")
        if self.cons_elem_type is not None:
            printer.print_string("-> ")
            printer.print_attribute(self.cons_elem_type)
            printer.print_string(" ")
        if self.init_values is not None:
            printer.print_string("= ")
            printer.print_attribute(self.init_values)


def _parse_layout(parser: Parser, keyword: str) -> BdDimLayoutArrayAttr:
    if parser.parse_optional_characters(keyword) is None:
        return BdDimLayoutArrayAttr.of(())
    return BdDimLayoutArrayAttr(ArrayAttr(parse_elements(parser, BdDimLayoutAttr)))


def _print_layout(printer: Printer, keyword: str, layout: BdDimLayoutArrayAttr) -> None:
    if layout.dimensions.data:
        printer.print_string(f" {keyword} ")
        print_elements(printer, layout.dimensions)


def _parse_object_type(parser: Parser) -> ObjectFifoType:
    start = parser.pos
    found = parser.parse_type()
    if not isinstance(found, ObjectFifoType):
        parser.raise_error(f"expected !aie.objectfifo, but found {found}", start, parser.pos)
    if not found.element.has_static_shape():
        parser.raise_error(
            f"type should be static shaped memref, but got '{found.element}'", start, parser.pos
        )
    return found
