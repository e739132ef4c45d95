"""Fifos of objects between tiles: their ends, layouts, links and places."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IntegerAttr,
    MemRefType,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
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
from ironbird.ir.assembly import (
    INDEX,
    Attributes,
    Format,
    FormattedOperation,
    Operand,
    Operands,
    Parts,
    Reference,
    SymbolName,
    Value,
    print_remaining,
)
from ironbird.ir.integers import (
    FALSE,
    Integer,
    Integers,
    as_bool,
    as_i32,
    as_symbol,
    i32,
    i64,
    number_of,
)

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


@irdl_op_definition
class ObjectFifoLinkOp(FormattedOperation):
    """Input fifos whose objects go on, on the shared tile, into output fifos.

    Offsets are in elements of the one big object: of each input for a join, of each output for a
    distribute.
    """

    name = "aie.objectfifo.link"
    fifo_ins = prop_def(ArrayAttr[SymbolRefAttr], prop_name="fifoIns")
    fifo_outs = prop_def(ArrayAttr[SymbolRefAttr], prop_name="fifoOuts")
    src_offsets = prop_def(ArrayAttr[Integer])
    dst_offsets = prop_def(ArrayAttr[Integer])
    FORMAT: ClassVar[Format]

    def __init__(
        self,
        fifo_ins: Sequence[str],
        fifo_outs: Sequence[str],
        src_offsets: Sequence[int] = (),
        dst_offsets: Sequence[int] = (),
    ) -> None:
        super().__init__(
            properties={
                "fifoIns": ArrayAttr(SymbolRefAttr(name) for name in fifo_ins),
                "fifoOuts": ArrayAttr(SymbolRefAttr(name) for name in fifo_outs),
                "src_offsets": ArrayAttr(IntegerAttr(each, i64) for each in src_offsets),
                "dst_offsets": ArrayAttr(IntegerAttr(each, i64) for each in dst_offsets),
            }
        )

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the input fifos."""
        return tuple(fifo.root_reference.data for fifo in self.fifo_ins)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names of the output fifos."""
        return tuple(fifo.root_reference.data for fifo in self.fifo_outs)


def _parse_symbols(parser: Parser) -> Attribute:
    return ArrayAttr(
        parser.parse_comma_separated_list(
            parser.Delimiter.SQUARE, lambda: SymbolRefAttr(parser.parse_symbol_name())
        )
    )


def _parse_offsets(parser: Parser) -> Attribute:
    return ArrayAttr(
        parser.parse_comma_separated_list(
            parser.Delimiter.SQUARE, lambda: IntegerAttr(parser.parse_integer(), i64)
        )
    )


def _print_offsets(printer: Printer, offsets: Attribute) -> None:
    assert isinstance(offsets, ArrayAttr)
    with printer.in_square_brackets():
        printer.print_list(
            offsets.data, lambda offset: printer.print_string(str(number_of(offset)))
        )


ObjectFifoLinkOp.FORMAT = (
    " ",
    Value("fifoIns", _parse_symbols, Printer.print_attribute),
    " -> ",
    Value("fifoOuts", _parse_symbols, Printer.print_attribute),
    "(",
    Value("src_offsets", _parse_offsets, _print_offsets),
    " ",
    Value("dst_offsets", _parse_offsets, _print_offsets),
    ")",
    Attributes(),
)


@irdl_op_definition
class ObjectFifoAllocateOp(FormattedOperation):
    """Put a fifo's objects into the memory of a chosen tile."""

    name = "aie.objectfifo.allocate"
    delegate_tile = operand_def(INDEX)
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")
    FORMAT: ClassVar[Format] = (
        " ",
        Reference("objFifo_name"),
        "(",
        Operand("delegate_tile"),
        ")",
        Attributes(),
    )

    def __init__(self, fifo_name: str, delegate_tile: SSAValue | Operation) -> None:
        super().__init__(
            operands=[delegate_tile], properties={"objFifo_name": as_symbol(fifo_name)}
        )


@irdl_op_definition
class ObjectFifoRegisterExternalBuffersOp(FormattedOperation):
    """Make host buffers the objects of a fifo on a shim tile."""

    name = "aie.objectfifo.register_external_buffers"
    tile = operand_def(INDEX)
    external_buffers = var_operand_def(MemRefType)
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")

    def __init__(
        self,
        fifo_name: str,
        tile: SSAValue | Operation,
        external_buffers: Iterable[SSAValue | Operation],
    ) -> None:
        super().__init__(
            operands=[tile, list(external_buffers)],
            properties={"objFifo_name": as_symbol(fifo_name)},
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        Reference("objFifo_name").parse(parser, parts)
        with parser.in_parens():
            Operand("tile").parse(parser, parts)
            parser.parse_characters(",")
            buffers = parser.parse_comma_separated_list(
                parser.Delimiter.BRACES, parser.parse_unresolved_operand
            )
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        start = parser.pos
        types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        parts.operands["external_buffers"] = list(parser.resolve_operands(buffers, types, start))
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_attribute(self.obj_fifo_name)
        with printer.in_parens():
            printer.print_ssa_value(self.tile)
            printer.print_string(", {")
            printer.print_list(self.external_buffers, printer.print_ssa_value)
            printer.print_string("}")
        print_remaining(printer, self, ("objFifo_name",))
        printer.print_string(" : ")
        with printer.in_parens():
            printer.print_list(
                [buffer.type for buffer in self.external_buffers], printer.print_attribute
            )


@irdl_op_definition
class ObjectFifoRearmBindingOp(FormattedOperation):
    """The channels, locks and first descriptors that bring a fifo back to its start."""

    name = "aie.objectfifo_rearm_binding"
    channel_tiles = var_operand_def(INDEX)
    locks = var_operand_def(INDEX)
    sym_name = prop_def(StringAttr)
    channel_dirs = prop_def(Integers)
    channel_indices = prop_def(Integers)
    lock_inits = prop_def(Integers)
    head_bd_ids = opt_prop_def(Integers)
    repeat_counts = opt_prop_def(Integers)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        SymbolName().parse(parser, parts)
        for keyword, name in (("channels", "channel_tiles"), ("locks", "locks")):
            parser.parse_characters(keyword)
            with parser.in_parens():
                Operands(name).parse(parser, parts)
                if parts.operands[name]:
                    parser.parse_characters(":")
                    parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        for keyword, values in (("channels", self.channel_tiles), ("locks", self.locks)):
            printer.print_string(f" {keyword}(")
            printer.print_list(values, printer.print_ssa_value)
            if values:
                printer.print_string(" : ")
                printer.print_list([value.type for value in values], printer.print_attribute)
            printer.print_string(")")
        print_remaining(printer, self, ("sym_name",))


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
