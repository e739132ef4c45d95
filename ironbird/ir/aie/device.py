"""The device and the sequence that the host runs on it."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Attribute, Block, Operation, Region
from xdsl.irdl import irdl_op_definition, opt_prop_def, prop_def, region_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, NoTerminator, SymbolOpInterface, SymbolTable

from ironbird.base.device import DeviceModel
from ironbird.base.npu1 import DEVICES
from ironbird.ir.assembly import Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.codes import DEVICE_NAMES, Coded, DeviceName
from ironbird.ir.integers import Integer
from ironbird.ir.pieces import Attributes, Body, SymbolName, Word


@irdl_op_definition
class EndOp(FormattedOperation):
    """The end of a region: of a core, of a DMA program, of a task's descriptors."""

    name = "aie.end"
    traits = traits_def(IsTerminator())
    FORMAT: ClassVar[Format] = (Attributes(),)


@irdl_op_definition
class DeviceOp(FormattedOperation):
    """One array: `aie.device(npu1) @main { ... }`. Its text leaves out the closing `aie.end`."""

    name = "aie.device"
    device = prop_def(Coded(DEVICE_NAMES))
    sym_name = prop_def(StringAttr, default_value=StringAttr("main"))
    body = region_def("single_block")
    traits = traits_def(SymbolTable(), SymbolOpInterface())
    FORMAT: ClassVar[Format] = (
        "(",
        Word("device", DEVICE_NAMES),
        ")",
        SymbolName(default="main"),
        " ",
        Body(EndOp),
    )

    def __init__(
        self,
        device: DeviceName | str = DeviceName.NPU1,
        sym_name: str = "main",
        body: Region | None = None,
    ) -> None:
        if body is None:
            body = Region(Block())
        block = body.block
        if not isinstance(block.last_op, EndOp):
            block.add_op(EndOp())
        super().__init__(
            properties={"device": DEVICE_NAMES.attr(device), "sym_name": StringAttr(sym_name)},
            regions=[body],
        )

    @property
    def device_name(self) -> str:
        """The name as the text spells it, such as `npu1`."""
        return str(DEVICE_NAMES.word(self.device))

    @property
    def model(self) -> DeviceModel:
        """The device model. Raises KeyError for a device that we do not model."""
        return DEVICES[self.device_name]

    @property
    def end(self) -> Operation:
        """The closing `aie.end`: insert before it to add at the end of the device."""
        end = self.body.block.last_op
        assert end is not None
        return end


@irdl_op_definition
class RuntimeSequenceOp(FormattedOperation):
    """What the host's command stream does; its block arguments are the host's buffers."""

    name = "aie.runtime_sequence"
    sym_name = prop_def(StringAttr, default_value=StringAttr("sequence"))
    emit_parameter_sync_preamble = opt_prop_def(Integer)
    body = region_def("single_block")
    traits = traits_def(SymbolOpInterface(), NoTerminator())

    def __init__(
        self, argument_types: list[Attribute] | None = None, sym_name: str = "sequence"
    ) -> None:
        super().__init__(
            properties={"sym_name": StringAttr(sym_name)},
            regions=[Region(Block(arg_types=argument_types or []))],
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        SymbolName(default="sequence").parse(parser, parts)
        arguments = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_argument)
        Attributes(keyword="attributes").parse(parser, parts)
        region = parser.parse_region(arguments)
        parts.regions.append(region)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        SymbolName(default="sequence").print(printer, self)
        with printer.in_parens():
            printer.print_list(self.body.block.args, printer.print_block_argument)
        print_remaining(printer, self, ("sym_name",), keyword="attributes")
        printer.print_string(" ")
        printer.print_region(self.body, print_entry_block_args=False, print_empty_block=False)


def device_of(op: Operation) -> DeviceOp | None:
    """The device round `op`; None outside a device."""
    owner: Operation | None = op
    while owner is not None and not isinstance(owner, DeviceOp):
        owner = owner.parent_op()
    return owner
