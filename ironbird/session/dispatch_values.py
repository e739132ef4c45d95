"""Dispatch-time values: numbers of the host that a sequence takes as arguments, put into it.

The generator is called once for all values; the module has a scalar argument for each. The host's
controller runs straight lines of constants, so a value is written into the module before it is
lowered: a new value is lowered and built anew, a known one comes from the cache.
"""

from collections.abc import Mapping

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntegerAttr, IntegerType, ModuleOp
from xdsl.ir import Block

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError, UsageError
from ironbird.base.source_line import author_line
from ironbird.ir.aie import RuntimeSequenceOp
from ironbird.ir.locations import source_line_of
from ironbird.iron.markers import DispatchTimeArgument


def with_values(module: ModuleOp, values: Mapping[int, int]) -> ModuleOp:
    """A copy of `module` whose sequences have constants in the place of their scalar arguments.

    values: by the number of the argument.
    """
    if not values:
        return module
    copy = module.clone()
    for sequence in (op for op in copy.walk() if isinstance(op, RuntimeSequenceOp)):
        block = sequence.body.block
        scalars = [
            (each, each.index, each.type)
            for each in block.args
            if isinstance(each.type, IntegerType)
        ]
        for argument, number, type_ in scalars:
            if number not in values:
                raise DesignError(
                    f"argument {number} of the sequence is a number without a value",
                    at=source_line_of(sequence),
                    because="only a DispatchTime parameter of the design brings one with a call",
                    fix="Runtime(function, [..., parameter]) with a DispatchTime parameter",
                )
            constant = ConstantOp(IntegerAttr(values[number], type_))
            constant.location = sequence.location
            _at_the_start(block, constant)
            argument.replace_all_uses_with(constant.result)
            block.erase_arg(argument)
    return copy


def checked(parameter: DispatchTimeArgument, value: object) -> int:
    """`value` as an integer of the parameter's type. Raises UsageError for any other."""
    element = parameter.element
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise UsageError(
            f"{parameter.name}={value!r} is not an integer",
            at=author_line(),
            because=f"{parameter.name} is a DispatchTime[np.{element.dtype.name}]",
        )
    least, most = _range(element)
    if not least <= int(value) <= most:
        raise UsageError(
            f"{parameter.name}={value} does not fit its type",
            at=author_line(),
            because=f"an np.{element.dtype.name} holds {least} to {most}",
        )
    return int(value)


def _range(element: ElementType) -> tuple[int, int]:
    limits = np.iinfo(element.dtype)
    return int(limits.min), int(limits.max)


def _at_the_start(block: Block, op: ConstantOp) -> None:
    if block.first_op is None:
        block.add_op(op)
    else:
        block.insert_op_before(op, block.first_op)
