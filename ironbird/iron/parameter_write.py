"""A number that the sequence writes into a core's buffer: one 32-bit word."""

from typing import Any

import numpy as np
from xdsl.ir import SSAValue

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aiex
from ironbird.iron.array_types import ArrayType
from ironbird.iron.core_values import ScalarValue, check_literal, is_number
from ironbird.iron.mlir_types import I32
from ironbird.iron.tracing import Trace

WORD_BYTES = 4


def write_parameter(
    trace: Trace, name: str, index: Any, value: Any, *, array: ArrayType, label: str
) -> aiex.NpuRtpWriteOp:
    """Write element `index` of the buffer `name`; `label` is how messages call it."""
    if array.element.bytes != WORD_BYTES:
        raise DesignError(
            f"{label} has {array.element} elements",
            at=author_line(),
            because="the host writes a runtime parameter as one 32-bit word",
            fix="np.int32 elements",
        )
    whole = is_number(index) and not isinstance(index, float | np.floating)
    if not whole or not 0 <= int(index) < array.element_count:
        raise DesignError(
            f"index {index!r} into {label} of {array}",
            at=author_line(),
            because=f"the sequence writes words 0 to {array.element_count - 1}",
        )
    word = _word(trace, value, array.element, label)
    return trace.emit(aiex.NpuRtpWriteOp(name, int(index), word))


def _word(trace: Trace, value: Any, element: ElementType, label: str) -> SSAValue:
    """The 32 bits to write: a number becomes a constant, a float its IEEE bits."""
    if isinstance(value, ScalarValue) and value.element is I32:
        return value.ssa
    if not is_number(value):
        raise DesignError(
            f"{label} is set to a {type(value).__name__}",
            at=author_line(),
            because="the sequence writes a number or an i32 argument",
        )
    if element.is_float:
        return trace.constant(int(np.float32(value).view(np.int32)), I32)
    if not element.is_unsigned:
        check_literal(value, element, label)
    return trace.constant(int(np.uint32(int(value) % 2**32).view(np.int32)), I32)
