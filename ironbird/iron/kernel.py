"""Kernels: C++ functions that cores call, from a built object file or from a source.

A call checks its arguments against the declared types, at the author's line. Python numbers become
constants of the declared type; a buffer of several axes may be given where a flat one is declared.
"""

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakSet

import numpy as np
from xdsl.dialects import func, memref
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, StringAttr, i64
from xdsl.ir import Attribute, Region, SSAValue

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import author_line
from ironbird.ir.locations import location_of
from ironbird.iron.array_types import ArrayType, array_type, is_array_annotation, scalar_type
from ironbird.iron.buffer import Buffer
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue, is_number, scalar_of
from ironbird.iron.device_body import CoreTrace, current_core
from ironbird.iron.mlir_types import memref_type, mlir_type


class BaseKernel:
    """A function by its symbol `name` and the types of its arguments."""

    def __init__(self, name: str, arg_types: Sequence[Any] | None = None) -> None:
        self.name = name
        self.created_at = author_line()
        of = f"kernel {name!r}"
        self.arguments: list[ArrayType | ElementType] = [
            array_type(each, of=of) if is_array_annotation(each) else scalar_type(each, of=of)
            for each in arg_types or ()
        ]
        self._annotations = list(arg_types or ())

    def arg_types(self) -> list[Any]:
        """The types as they were written."""
        return list(self._annotations)

    def arg_shape(self, arg_index: int) -> tuple[int, ...]:
        """Elements along each axis of an array argument."""
        return self._array_argument(arg_index).shape

    def arg_dtype(self, arg_index: int) -> np.dtype[Any]:
        """The numpy dtype of an argument."""
        argument = self.arguments[arg_index]
        return argument.dtype if isinstance(argument, ElementType) else argument.element.dtype

    def tile_size(self, arg_index: int = 0) -> int:
        """Elements along the first axis of an array argument."""
        return self._array_argument(arg_index).shape[0]

    def link_attributes(self) -> dict[str, str]:
        """The attributes that say where the function is defined."""
        return {}

    def signature(self) -> str:
        """`name(64xi32, i32)`, with what it is linked with."""
        types = ", ".join(map(str, self.arguments))
        link = self.link_attributes().get("link_with")
        return f"{self.name}({types})" + (f" in {link}" if link is not None else "")

    def same_function(self, other: "BaseKernel") -> bool:
        """Whether two objects of one name stand for one function."""
        mine = (self.arguments, self.link_attributes())
        return mine == (other.arguments, other.link_attributes())

    def __call__(self, *args: Any) -> Any:
        """Call it in core code. Refuses arguments of another number or type than declared."""
        trace = current_core(f"kernel {self.name!r}")
        values = self.argument_values(trace, args)
        trace.body.declare(self, author_line(), self._declaration())
        trace.emit(func.CallOp(self.name, values, []))

    def _declaration(self) -> func.FuncOp:
        types = [mlir_argument_type(each) for each in self.arguments]
        made = func.FuncOp(self.name, (types, []), Region(), "private")
        made.location = location_of(self.created_at)
        for name, value in self.link_attributes().items():
            made.attributes[name] = StringAttr(value)
        return made

    def argument_values(self, trace: CoreTrace, args: Sequence[Any]) -> list[SSAValue]:
        """The arguments of a call as values of the declared types."""
        if len(args) != len(self.arguments):
            raise DesignError(
                f"Kernel {self.name!r} expects {len(self.arguments)} argument(s), "
                f"but {len(args)} were provided.",
                at=author_line(),
                because=f"it was declared at {self.created_at} as {self.signature()}",
            )
        return [self._value(trace, i, argument) for i, argument in enumerate(args)]

    def _value(self, trace: CoreTrace, number: int, given: Any) -> SSAValue:
        expected = self.arguments[number]
        if isinstance(expected, ElementType):
            return self._scalar(number, expected, given)
        if isinstance(given, Buffer):
            given = given.value()
        if not isinstance(given, MemRefValue):
            raise self._mismatch(number, expected, _shown(given))
        if not given.is_whole:
            raise DesignError(
                f"argument {number} of kernel {self.name!r} is a slice of a buffer",
                at=author_line(),
                because="a kernel takes whole objects: the address of the first element",
                fix="pass the whole object, and the offset as a number",
            )
        found = given.array
        if found == expected:
            return given.ssa
        same_count = found.element_count == expected.element_count
        if found.element is expected.element and same_count and len(expected.shape) == 1:
            return _collapsed(trace, given, expected)
        raise self._mismatch(number, expected, str(found))

    def _scalar(self, number: int, expected: ElementType, given: Any) -> SSAValue:
        what = f"argument {number} of kernel {self.name!r}"
        if not isinstance(given, ScalarValue) and not is_number(given):
            raise self._mismatch(number, expected, _shown(given))
        return scalar_of(given, expected, what=what).ssa

    def _mismatch(self, number: int, expected: ArrayType | ElementType, found: str) -> DesignError:
        return DesignError(
            f"argument {number} of kernel {self.name!r} is {found}",
            at=author_line(),
            because=f"{expected} was declared at {self.created_at}",
        )

    def _array_argument(self, number: int) -> ArrayType:
        if not 0 <= number < len(self.arguments):
            raise DesignError(
                f"kernel {self.name!r} has no argument {number}",
                at=author_line(),
                because=f"it has {len(self.arguments)}",
            )
        argument = self.arguments[number]
        if isinstance(argument, ElementType):
            raise DesignError(
                f"argument {number} of kernel {self.name!r} is a number of type {argument}",
                at=author_line(),
                because="only an array has a shape",
            )
        return argument

    def __repr__(self) -> str:
        return f"<kernel {self.signature()}>"


class KernelObject:
    """An object file, and how it is linked (`merge`: as LLVM IR, before optimisation)."""

    def __init__(self, name: str, link_with_mode: str | None = None) -> None:
        self.name = name
        self.link_with_mode = link_with_mode


class Kernel(BaseKernel):
    """A function in an object file that exists, or whose source lies where kernels are searched.

    stack_size_override: what upstream takes for the kernel's stack use; the simulator measures it.
    """

    def __init__(
        self,
        name: str,
        object_file_name: str | KernelObject,
        arg_types: Sequence[Any] | None = None,
        *,
        link_with_mode: str | None = None,
        stack_size_override: int | None = None,
    ) -> None:
        super().__init__(name, arg_types)
        if isinstance(object_file_name, KernelObject):
            link_with_mode = link_with_mode or object_file_name.link_with_mode
            object_file_name = object_file_name.name
        if link_with_mode not in (None, "merge"):
            raise DesignError(
                f"link_with_mode={link_with_mode!r} of kernel {name!r}",
                at=self.created_at,
                because="'merge' is the only mode",
            )
        self.object_file_name = object_file_name
        self.link_with_mode = link_with_mode
        self.stack_size_override = stack_size_override

    def link_attributes(self) -> dict[str, str]:
        """`link_with`, and its mode where one is given."""
        mode = {} if self.link_with_mode is None else {"link_with_mode": self.link_with_mode}
        return {"link_with": self.object_file_name, **mode}


class ExternalFunction(Kernel):
    """A function compiled from `source_file` or `source_string`.

    A relative source_file is looked for in the working directory, then beside the author's file.
    symbol_prefix: put before the function's name, in the source too (as a macro), so that one
    source can be compiled in several ways.
    also: other functions of the same source, by name (`siblings`).
    """

    # Upstream's jit collects its functions here, and programs clear it between designs. Nothing
    # here reads it: a program's functions are those that its cores call.
    _instances: ClassVar[WeakSet["ExternalFunction"]] = WeakSet()

    def __init__(
        self,
        name: str,
        object_file_name: str | None = None,
        source_file: str | Path | None = None,
        source_string: str | None = None,
        arg_types: Sequence[Any] | None = None,
        include_dirs: Sequence[str | Path] | None = None,
        compile_flags: Sequence[str] | None = None,
        *,
        symbol_prefix: str | None = None,
        use_chess: bool = False,
        inline: bool = False,
        stack_size_override: int | None = None,
    ) -> None:
        suffix = ".ll" if inline else ".o"
        symbol = f"{symbol_prefix or ''}{name}"
        super().__init__(
            symbol,
            object_file_name or f"{symbol}{suffix}",
            arg_types,
            link_with_mode="merge" if inline else None,
            stack_size_override=stack_size_override,
        )
        if (source_file is None) == (source_string is None):
            count = "no source" if source_file is None else "two sources"
            raise DesignError(
                f"ExternalFunction {name!r} has {count}",
                at=self.created_at,
                fix="source_file= or source_string=",
            )
        if use_chess:
            raise DesignError(
                f"ExternalFunction {name!r} has use_chess=True",
                at=self.created_at,
                because="kernels are compiled for the host, by its own compiler",
            )
        renamed = (f"-D{name}={symbol}",) if symbol_prefix else ()
        self.source = KernelSource(
            object_file=self.object_file_name,
            path=None if source_file is None else self._found(Path(source_file)),
            text=source_string,
            include_directories=tuple(self._beside(Path(each)) for each in include_dirs or ()),
            flags=(*renamed, *(compile_flags or ())),
            at=self.created_at,
        )
        self.also: dict[str, ExternalFunction] = {}
        ExternalFunction._instances.add(self)

    def siblings(self, **symbols: Sequence[Any]) -> "ExternalFunction":
        """Take note of other functions of the same source: `siblings(clear=[T])`, then `.also`.

        unknown: upstream's meaning of the values; assumed are the types of the arguments.
        """
        for symbol, arg_types in symbols.items():
            made = copy(self)
            Kernel.__init__(
                made,
                symbol,
                self.object_file_name,
                arg_types,
                link_with_mode=self.link_with_mode,
            )
            made.also = {}
            self.also[symbol] = made
        return self

    def same_function(self, other: BaseKernel) -> bool:
        """Whether the other one is compiled from the same source."""
        same_source = isinstance(other, ExternalFunction) and self.source == other.source
        return super().same_function(other) and same_source

    def _found(self, path: Path) -> Path:
        found = self._beside(path)
        if found.is_file():
            return found
        looked = [path] if path.is_absolute() else [Path.cwd() / path, self._author_folder / path]
        raise DesignError(
            f"the source of ExternalFunction {self.name!r} is missing",
            at=self.created_at,
            because=f"there is no {' and no '.join(str(each) for each in dict.fromkeys(looked))}",
        )

    def _beside(self, path: Path) -> Path:
        """`path` in the working directory if it is there, else beside the author's file."""
        here = Path.cwd() / path
        return here if here.exists() else self._author_folder / path

    @property
    def _author_folder(self) -> Path:
        return Path(self.created_at.file).resolve().parent


def mlir_argument_type(argument: ArrayType | ElementType) -> Attribute:
    """The type of an argument of the device's function."""
    return mlir_type(argument) if isinstance(argument, ElementType) else memref_type(argument)


def _collapsed(trace: CoreTrace, given: MemRefValue, expected: ArrayType) -> SSAValue:
    """A buffer of several axes as a flat one."""
    axes = ArrayAttr([ArrayAttr([IntegerAttr(axis, i64) for axis in range(len(given.shape))])])
    op = memref.CollapseShapeOp(
        operands=[given.ssa],
        result_types=[memref_type(expected)],
        properties={"reassociation": axes},
    )
    return trace.emit(op).results[0]


def _shown(given: Any) -> str:
    if isinstance(given, ScalarValue):
        return f"one {given.element}"
    if isinstance(given, MemRefValue):
        return str(given.array)
    if isinstance(given, list | tuple):
        return f"a {type(given).__name__} of {len(given)}"
    return f"a Python {type(given).__name__}"
