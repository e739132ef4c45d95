"""What a kernel promises: the meaning, the domain, the accuracy and the cost of one exported
symbol.

Refuses a contract whose symbol says other types than its arguments have. Tests, designs, benchmarks
and the support table read the same declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.element_types import ELEMENT_TYPES, element_type_of
from ironbird.base.tolerance import Tolerance

Array = npt.NDArray[Any]
Reference = Callable[..., Mapping[str, Array]]

KERNEL_DIRECTORY = Path(__file__).parent


class Role(StrEnum):
    """What a kernel does with an argument."""

    IN = "in"
    OUT = "out"
    INOUT = "inout"
    SCALAR = "scalar"


class NotFinite(StrEnum):
    """What a NaN or an infinity among the inputs gives."""

    AS_REFERENCE = "NaN and infinities where the reference has them, and nowhere else"
    NAN_FOR_INFINITY = "no number where the reference has NaN or infinity, and only there"
    AS_HEADER = "what the domain in the header of the source says"


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument of a kernel.

    shape:   elements, as numpy sees the buffer; () for a scalar.
    largest: the largest magnitude the kernel accepts; None for the whole type.
    values:  of a scalar: those it accepts, the one to use first; empty for the whole type.
    """

    name: str
    role: Role
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...] = ()
    largest: float | None = None
    values: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if (self.role is Role.SCALAR) != (self.shape == ()):
            raise ValueError(f"argument {self.name!r} is {self.role} but has shape {self.shape}")
        if self.values and self.role is not Role.SCALAR:
            raise ValueError(f"argument {self.name!r} is {self.role}; only a scalar lists values")

    @property
    def is_read(self) -> bool:
        """Whether the kernel reads a buffer through it."""
        return self.role in (Role.IN, Role.INOUT)

    @property
    def is_written(self) -> bool:
        """Whether the kernel writes a buffer through it."""
        return self.role in (Role.OUT, Role.INOUT)


@dataclass(frozen=True)
class Symbol:
    """A symbol's parts: `mm_bf16_f32` is the operation `mm` from bf16 to f32."""

    operation: str
    type_in: str
    type_out: str

    @classmethod
    def parse(cls, text: str) -> "Symbol":
        """Read `<operation>_<type>` or `<operation>_<type in>_<type out>`. Raises ValueError."""
        words = text.split("_")
        types = [word for word in words[-2:] if word in ELEMENT_TYPES]
        operation = "_".join(words[: len(words) - len(types)])
        if not types or words[-1] not in ELEMENT_TYPES or not operation:
            raise ValueError(
                f"kernel symbol {text!r} does not read <operation>_<type>[_<type>], "
                f"with types out of {', '.join(ELEMENT_TYPES)}"
            )
        return cls(operation, types[0], types[-1])


@dataclass(frozen=True, kw_only=True)
class KernelContract:
    """One exported symbol.

    source:      the file in `aie_kernels` that defines it.
    defines:     macros the source is compiled with, as (name, value).
    reference:   given every argument by name (as it is before the call), what the written ones hold
    after. tolerance:   between the kernel and its reference. stack_bytes: what its worker must
    reserve; the frame build of the tests holds it to that. operations:  arithmetic operations of
    one call, a multiply-add being two. not_finite: what becomes of NaN and infinity.
    """

    symbol: str
    source: str
    arguments: tuple[Argument, ...]
    reference: Reference
    tolerance: Tolerance
    operations: int
    stack_bytes: int = 1024
    defines: tuple[tuple[str, int], ...] = ()
    not_finite: NotFinite = NotFinite.AS_REFERENCE

    def __post_init__(self) -> None:
        if not self.source_path.is_file():
            raise ValueError(f"kernel {self.symbol!r}: {self.source_path} does not exist")
        parts = Symbol.parse(self.symbol)
        read = [argument for argument in self.arguments if argument.is_read]
        written = [argument for argument in self.arguments if argument.is_written]
        if not written:
            raise ValueError(f"kernel {self.symbol!r} writes nothing")
        for argument, said in (
            (read[0] if read else None, parts.type_in),
            (written[0], parts.type_out),
        ):
            if argument is not None and element_type_of(argument.dtype).name != said:
                raise ValueError(
                    f"kernel {self.symbol!r} says {said}; its argument {argument.name!r} is "
                    f"{element_type_of(argument.dtype).name}"
                )

    @property
    def source_path(self) -> Path:
        """Where the C++ is."""
        return KERNEL_DIRECTORY / self.source

    @property
    def flags(self) -> tuple[str, ...]:
        """What the compiler is told: `-DDIM_M=64`."""
        return tuple(f"-D{name}={value}" for name, value in self.defines)

    @property
    def object_file(self) -> str:
        """The object that `link_with` names: one for each source and set of macros."""
        suffix = "".join(f"_{value}" for _, value in self.defines)
        return f"{Path(self.source).stem}{suffix}.o"

    def argument(self, name: str) -> Argument:
        """The argument called `name`. Raises KeyError."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        raise KeyError(name)


def buffer(
    name: str, role: Role, type_name: str, *shape: int, largest: float | None = None
) -> Argument:
    """An argument that is a buffer of elements called `type_name` (`bf16`)."""
    return Argument(
        name=name,
        role=role,
        dtype=ELEMENT_TYPES[type_name].dtype,
        shape=shape,
        largest=largest,
    )


def scalar(name: str, *values: int) -> Argument:
    """An int32 argument passed by value, and the values it may have (none: all)."""
    return Argument(
        name=name, role=Role.SCALAR, dtype=ELEMENT_TYPES["i32"].dtype, values=tuple(values)
    )
