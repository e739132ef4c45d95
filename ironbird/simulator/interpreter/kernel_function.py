"""A kernel of a loaded library as a Python callable: views as addresses, scalars by value."""

import ctypes
from collections.abc import Callable, Sequence

import numpy as np

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import MemoryView
from ironbird.plan.plan import Kernel
from ironbird.simulator.interpreter.arithmetic import bfloat16_bits, bfloat16_from_bits

_C_TYPES: dict[str, type[ctypes._SimpleCData]] = {  # type: ignore[type-arg]
    "i1": ctypes.c_bool,
    "i8": ctypes.c_int8,
    "i16": ctypes.c_int16,
    "i32": ctypes.c_int32,
    "i64": ctypes.c_int64,
    "ui8": ctypes.c_uint8,
    "ui16": ctypes.c_uint16,
    "ui32": ctypes.c_uint32,
    "ui64": ctypes.c_uint64,
    "index": ctypes.c_int64,
    "bf16": ctypes.c_uint16,
    "f32": ctypes.c_float,
    "f64": ctypes.c_double,
}

# An argument on its way to a kernel: an address, or a number.
KernelArgument = int | float | bool | np.floating


def kernel_function(kernel: Kernel, address: int) -> Callable[[Sequence[KernelArgument]], object]:
    """Calls the code at `address` with arguments of the kernel's types; returns its result."""
    argument_types = [
        ctypes.c_void_p if isinstance(each, MemoryView) else _C_TYPES[_scalar(each).name]
        for each in kernel.argument_types
    ]
    result = _scalar(kernel.result_types[0]) if kernel.result_types else None
    result_type = _C_TYPES[result.name] if result is not None else None
    function = ctypes.CFUNCTYPE(result_type, *argument_types)(address)

    def call(arguments: Sequence[KernelArgument]) -> object:
        returned = function(*map(_to_c, kernel.argument_types, arguments))
        if result is None:
            return None
        if result.name == "bf16":
            return bfloat16_from_bits(returned)
        return np.float32(returned) if result.name == "f32" else returned

    return call


def scalar_bits(value_type: object, value: KernelArgument) -> int:
    """A scalar argument as the bits that are passed, to tell calls apart."""
    element = _scalar(value_type)
    c_type = _C_TYPES[element.name]
    return int.from_bytes(bytes(c_type(_to_c(element, value))), "little")


def _scalar(value_type: object) -> ElementType:
    assert isinstance(value_type, ElementType)
    return value_type


def _to_c(value_type: object, value: KernelArgument) -> int | float | bool:
    if isinstance(value_type, ElementType) and value_type.name == "bf16":
        return bfloat16_bits(np.float32(value))
    return float(value) if isinstance(value, np.floating) else value
