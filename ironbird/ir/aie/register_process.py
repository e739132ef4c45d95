"""April's `aie.objectfifo.register_process`: a core's loop round a fifo, written as two patterns.

August has no such operation and no text for it: it is read, and printed as April did.
"""

from typing import ClassVar

from xdsl.dialects.builtin import IndexType, SymbolRefAttr
from xdsl.irdl import irdl_op_definition, operand_def, prop_def

from ironbird.ir.assembly import Format, FormattedOperation
from ironbird.ir.codes import FIFO_PORTS, Coded
from ironbird.ir.pieces import Attributes, Operand, Reference, TypedOperand, Word


@irdl_op_definition
class ObjectFifoRegisterProcessOp(FormattedOperation):
    """Call `callee` on the objects of a fifo `process_length` times, in a core of its own.

    The patterns say how many objects each call acquires and releases.
    """

    name = "aie.objectfifo.register_process"
    acquire_pattern = operand_def()
    release_pattern = operand_def()
    process_length = operand_def(IndexType())
    port = prop_def(Coded(FIFO_PORTS))
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")
    callee = prop_def(SymbolRefAttr)
    FORMAT: ClassVar[Format] = (
        " ",
        Reference("objFifo_name"),
        "(",
        Word("port", FIFO_PORTS),
        ", ",
        TypedOperand("acquire_pattern"),
        ", ",
        TypedOperand("release_pattern"),
        ", ",
        Reference("callee"),
        ", ",
        Operand("process_length"),
        ")",
        Attributes(),
    )
