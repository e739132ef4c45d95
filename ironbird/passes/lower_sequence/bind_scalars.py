"""Numbers that a runtime sequence takes as arguments, made known before it is lowered.

The host's controller computes nothing: on the chip such a sequence is compiled into code of the
host, which knows the numbers when it is called. Here they are known when the module is lowered.
"""

from collections.abc import Mapping

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, ModuleOp

from ironbird.base.errors import UsageError
from ironbird.ir.aie import RuntimeSequenceOp

INDEX_BITS = 32
"""The width of an index on the controller."""


def bind_scalars(module: ModuleOp, values: Mapping[int, int]) -> ModuleOp:
    """`module` with constants for arguments of its sequences. `module` is not changed.

    values: by the number of the argument, counted from 0 with the tensors. The argument is gone
            afterwards, so tensors behind it count one less.
    Raises UsageError for an argument that no sequence has as a number, and for a number that does
    not fit its type.
    """
    if not values:
        return module
    bound = module.clone()
    sequences = [op for op in bound.walk() if isinstance(op, RuntimeSequenceOp)]
    for number, value in sorted(values.items(), reverse=True):
        taking = [op for op in sequences if _has_number(op, number)]
        if not taking:
            raise UsageError(
                f"no runtime sequence takes a number as argument {number}",
                because="; ".join(_described(op) for op in sequences) or "there is no sequence",
            )
        for op in taking:
            _bind(op, number, value)
    return bound


def _has_number(sequence: RuntimeSequenceOp, number: int) -> bool:
    arguments = sequence.body.block.args
    return number < len(arguments) and isinstance(arguments[number].type, IntegerType | IndexType)


def _described(sequence: RuntimeSequenceOp) -> str:
    types = ", ".join(str(argument.type) for argument in sequence.body.block.args)
    return f"@{sequence.sym_name.data} takes ({types})"


def _bind(sequence: RuntimeSequenceOp, number: int, value: int) -> None:
    block = sequence.body.block
    argument = block.args[number]
    type_ = argument.type
    assert isinstance(type_, IntegerType | IndexType)
    bits = type_.width.data if isinstance(type_, IntegerType) else INDEX_BITS
    if not -(2 ** (bits - 1)) <= value < 2**bits:
        raise UsageError(
            f"{value} is no value for argument {number} of @{sequence.sym_name.data}",
            because=f"it is {type_}",
        )
    constant = ConstantOp(IntegerAttr(value, type_))
    constant.location = sequence.location
    first = block.first_op
    if first is None:
        block.add_op(constant)
    else:
        block.insert_op_before(constant, first)
    argument.replace_all_uses_with(constant.result)
    block.erase_arg(argument)
