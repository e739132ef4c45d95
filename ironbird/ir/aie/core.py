"""A core's program, and what only a core can do: streams, cascade, events."""

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import ArrayAttr, StringAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
)

from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Types
from ironbird.ir.integers import Integer, as_bool, as_i32, as_text, i32
from ironbird.ir.pieces import Attributes, Body, Number, Operand, ResultType, TypedOperand


@irdl_op_definition
class CoreOp(FormattedOperation):
    """The program of one core. `stack_size` is in bytes; absent means the device's default."""

    name = "aie.core"
    tile = operand_def(INDEX)
    stack_size = opt_prop_def(Integer)
    link_with = opt_prop_def(StringAttr)
    link_files = opt_prop_def(ArrayAttr[StringAttr])
    link_merge_files = opt_prop_def(ArrayAttr[StringAttr])
    elf_file = opt_prop_def(StringAttr)
    dynamic_objfifo_lowering = opt_prop_def(Integer)
    emit_parameter_sync_preamble = opt_prop_def(Integer)
    body = region_def()
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("tile"),
        ") ",
        Body(),
        Attributes(),
    )

    def __init__(
        self,
        tile: SSAValue | Operation,
        body: Region | None = None,
        *,
        stack_size: int | None = None,
        link_with: str | None = None,
        link_files: Sequence[str] | None = None,
        link_merge_files: Sequence[str] | None = None,
        elf_file: str | None = None,
        dynamic_objfifo_lowering: bool | None = None,
    ) -> None:
        super().__init__(
            operands=[tile],
            properties={
                "stack_size": as_i32(stack_size),
                "link_with": as_text(link_with),
                "link_files": _names(link_files),
                "link_merge_files": _names(link_merge_files),
                "elf_file": as_text(elf_file),
                "dynamic_objfifo_lowering": as_bool(dynamic_objfifo_lowering),
            },
            result_types=[INDEX],
            regions=[Region(Block()) if body is None else body],
        )


@irdl_op_definition
class GetStreamOp(FormattedOperation):
    """Read from a stream port of the core."""

    name = "aie.get_stream"
    channel = operand_def()
    stream_value = result_def()
    FORMAT: ClassVar[Format] = (
        "(",
        TypedOperand("channel"),
        ")",
        Attributes(),
        " : ",
        ResultType(),
    )

    def __init__(self, channel: SSAValue | Operation, result_type: Attribute) -> None:
        super().__init__(operands=[channel], result_types=[result_type])


@irdl_op_definition
class PutStreamOp(FormattedOperation):
    """Write to a stream port of the core."""

    name = "aie.put_stream"
    channel = operand_def()
    stream_value = operand_def()
    FORMAT: ClassVar[Format] = (
        "(",
        TypedOperand("channel"),
        ", ",
        TypedOperand("stream_value"),
        ")",
        Attributes(),
    )

    def __init__(self, channel: SSAValue | Operation, stream_value: SSAValue | Operation) -> None:
        super().__init__(operands=[channel, stream_value])


@irdl_op_definition
class GetCascadeOp(FormattedOperation):
    """Read 512 bits from the cascade of the neighbour."""

    name = "aie.get_cascade"
    cascade_value = result_def()
    FORMAT: ClassVar[Format] = ("()", Attributes(), " : ", ResultType())

    def __init__(self, result_type: Attribute) -> None:
        super().__init__(result_types=[result_type])


@irdl_op_definition
class PutCascadeOp(FormattedOperation):
    """Write 512 bits to the cascade of the neighbour."""

    name = "aie.put_cascade"
    cascade_value = operand_def()
    FORMAT: ClassVar[Format] = (
        "(",
        TypedOperand("cascade_value"),
        ")",
        Attributes(),
    )

    def __init__(self, cascade_value: SSAValue | Operation) -> None:
        super().__init__(operands=[cascade_value])


@irdl_op_definition
class EventOp(FormattedOperation):
    """Emit event 0 or 1, for the trace units."""

    name = "aie.event"
    val = prop_def(Integer)
    FORMAT: ClassVar[Format] = ("(", Number("val", i32), ")", Attributes())

    def __init__(self, val: int) -> None:
        super().__init__(properties={"val": as_i32(val)})


@irdl_op_definition
class DebugOp(FormattedOperation):
    """Show a value to a debugger."""

    name = "aie.debug"
    arg = operand_def()
    FORMAT: ClassVar[Format] = ("(", TypedOperand("arg"), ")", Attributes())


def _names(names: Sequence[str] | None) -> ArrayAttr[StringAttr] | None:
    return None if names is None else ArrayAttr(StringAttr(name) for name in names)
