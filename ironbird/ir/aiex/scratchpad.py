"""Scratchpad parameters: numbers that the host gives to cores and descriptors at run time."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import StringAttr, SymbolRefAttr
from xdsl.ir import Attribute
from xdsl.irdl import irdl_op_definition, opt_prop_def, prop_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface

from ironbird.ir.assembly import Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.codes import SCRATCHPAD_FUNCTIONS, Coded, ScratchpadFunction
from ironbird.ir.integers import Integer
from ironbird.ir.pieces import Attributes, Reference, ResultType, SymbolName, Value, parse_word


def _parse_type(parser: Parser) -> Attribute:
    return parser.parse_type()


@irdl_op_definition
class ScratchpadParameterOp(FormattedOperation):
    """A number that the host sets before a run, by name."""

    name = "aiex.scratchpad_parameter"
    sym_name = prop_def(StringAttr)
    type = prop_def(Attribute)
    kind = opt_prop_def(Integer)
    state_table_idx = opt_prop_def(Integer)
    traits = traits_def(SymbolOpInterface())
    FORMAT: ClassVar[Format] = (
        " ",
        SymbolName(),
        " : ",
        Value("type", _parse_type, Printer.print_attribute),
        Attributes(),
    )


@irdl_op_definition
class ReadScratchpadParameterOp(FormattedOperation):
    """The value of a parameter, in a core."""

    name = "aiex.read_scratchpad_parameter"
    parameter = prop_def(SymbolRefAttr)
    result = result_def()
    FORMAT: ClassVar[Format] = (
        " ",
        Reference("parameter"),
        Attributes(),
        " : ",
        ResultType(),
    )


@irdl_op_definition
class SyncScratchpadParametersFromHostOp(FormattedOperation):
    """The point of the sequence where the host's values reach the array."""

    name = "aiex.sync_scratchpad_parameters_from_host"
    FORMAT: ClassVar[Format] = (Attributes(),)


@irdl_op_definition
class NpuCreateScratchpadOp(FormattedOperation):
    """Make the state table. `size` is in bytes."""

    name = "aiex.npu.create_scratchpad"
    size = prop_def(Integer)
    FORMAT: ClassVar[Format] = (Attributes(),)


@irdl_op_definition
class NpuUpdateFromScratchpadOp(FormattedOperation):
    """Combine a register with an entry of the state table; `incr` is not printed."""

    name = "aiex.npu.update_from_scratchpad"
    func = prop_def(
        Coded(SCRATCHPAD_FUNCTIONS), default_value=SCRATCHPAD_FUNCTIONS.attr(ScratchpadFunction.ADD)
    )
    func_arg = opt_prop_def(Integer)
    address = prop_def(Integer)
    state_table_idx = prop_def(Integer)
    buffer = opt_prop_def(SymbolRefAttr)
    column = opt_prop_def(Integer)
    row = opt_prop_def(Integer)
    FORMAT: ClassVar[Format] = ()

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        if parser.parse_optional_characters("<") is not None:
            parts.properties["func"] = parse_word(parser, SCRATCHPAD_FUNCTIONS, "function")
            parser.parse_characters(">")
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        function = SCRATCHPAD_FUNCTIONS.word(self.func)
        if function is not ScratchpadFunction.ADD:
            printer.print_string(f"<{function}>")
        print_remaining(printer, self, ("func",))
