"""How C++ spells the types and constants of core programs."""

import math

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import AttributeValue, MemoryView, ValueType, VectorType


def element_cpp(element: ElementType) -> str:
    """The C++ type of one element in emitted code."""
    return "BFloat16" if element.name == "bf16" else element.cpp


def cpp_type(value_type: ValueType, *, kernel_call: bool = False) -> str:
    """The C++ type of a value; `kernel_call`: as the C signature of a kernel passes it."""
    match value_type:
        case MemoryView():
            if kernel_call:
                return "void *"
            return f"View<{element_cpp(value_type.element)}>"
        case VectorType():
            return f"Lanes<{element_cpp(value_type.element)}, {math.prod(value_type.shape)}>"
        case ElementType():
            return element_cpp(value_type)


def constant(value: AttributeValue, value_type: ValueType) -> str:
    """A literal of `value_type`."""
    match value_type:
        case VectorType():
            assert isinstance(value, tuple)
            lanes = ", ".join(constant(each, value_type.element) for each in value)
            return f"{cpp_type(value_type)}{{{{{lanes}}}}}"
        case ElementType():
            return _number(value, value_type)
        case MemoryView():
            raise TypeError("a memory view has no constants")


def _number(value: AttributeValue, element: ElementType) -> str:
    spelled = element_cpp(element)
    if element.name == "i1":
        return "true" if value else "false"
    if element.is_float:
        assert isinstance(value, int | float)
        return f"static_cast<{spelled}>({_float_literal(float(value))})"
    assert isinstance(value, int)
    if value == -(2**63):
        return "INT64_MIN"
    return f"static_cast<{spelled}>({value}ll)" if value < 2**63 else f"{value}ull"


def _float_literal(value: float) -> str:
    if math.isnan(value):
        return '__builtin_nan("")'
    if math.isinf(value):
        return "__builtin_inf()" if value > 0 else "-__builtin_inf()"
    return value.hex()
