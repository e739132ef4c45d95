"""`@iron.jit`: a function that builds a design becomes one that runs it.

    @iron.jit
    def scaled(x: In, y: Out, *, factor: CompileTime[int] = 3): ...
    scaled(x, y, factor=5)

A call builds the design for the tensors' shapes and the compile-time values, or takes it from the
process's memory or the cache; runs it; and raises RunFailed if the run met a defect. A
dispatch-time value is a compile-time value here: the sequence is part of what is built, so a new
value is built anew.
"""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, overload

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.iron.device import get_current_device
from ironbird.session.compilable_design import CompilableDesign
from ironbird.session.compile import Executable
from ironbird.session.compile_context import compile_context, get_compile_arg
from ironbird.session.jit_options import JitOptions
from ironbird.session.parameters import SignatureError, line_of
from ironbird.session.result import RunResult
from ironbird.session.run import run

__all__ = [
    "CallableDesign",
    "CompilableDesign",
    "compile_context",
    "compileconfig",
    "get_compile_arg",
    "jit",
]


class CallableDesign:
    """What `@iron.jit` makes of a generator. Call it with tensors and keyword values."""

    def __init__(self, compilable: CompilableDesign) -> None:
        self.compilable = compilable
        self._signature = compilable.signature
        self._executables: dict[Any, Executable] = {}
        functools.update_wrapper(self, compilable.generator)

    def __call__(self, *tensors: Any, **values: Any) -> RunResult:
        """Build if needed, run, and return the result; outputs are written into `tensors`.

        Raises DesignError for what cannot be built, UsageError for unfit tensors, RunFailed for a
        defect that the run met.
        """
        key = self._key(tensors, values)
        executable = self._executables.get(key) if key is not None else None
        if executable is None:
            executable = self._build(tensors, values)
            if key is not None:
                self._executables[key] = executable
        result = run(executable, *tensors)
        result.raise_for_findings()
        return result

    def specialize(self, **values: Any) -> "CallableDesign":
        """The same design with some compile-time values fixed."""
        return CallableDesign(self.compilable.specialize(**values))

    def as_mlir(self, **values: Any) -> str:
        """The design's module as text."""
        return self.compilable.as_mlir(**values)

    def compile(
        self,
        *,
        xclbin_path: str | Path | None = None,
        inst_path: str | Path | None = None,
        pdi_path: str | Path | None = None,
        elf_path: str | Path | None = None,
        **values: Any,
    ) -> tuple[Path, Path]:
        """Build without running. Returns the simulator's library and its C++ source.

        Raises UsageError if files for the chip are asked for: the simulator makes none.
        """
        paths = {
            "xclbin_path": xclbin_path,
            "inst_path": inst_path,
            "pdi_path": pdi_path,
            "elf_path": elf_path,
        }
        for name, path in paths.items():
            if path is not None:
                raise UsageError(
                    f"{name}={path!s} cannot be written",
                    at=author_line(),
                    because="the embedded back end simulates; mlir-aie makes files for the chip",
                )
        directory = self.compilable.compile(**values).built.directory
        return directory / "design.so", directory / "design.cpp"

    def _build(self, tensors: tuple[Any, ...], values: Mapping[str, Any]) -> Executable:
        signature = self._signature
        if len(tensors) != len(signature.tensors):
            names = ", ".join(parameter.name for parameter in signature.tensors)
            raise SignatureError(
                f"jit design {signature.generator_name!r} was called with {len(tensors)} "
                f"tensor{'s' * (len(tensors) != 1)}",
                at=author_line(),
                because=f"it takes {len(signature.tensors)}: {names or 'none'}",
            )
        for parameter, tensor in zip(signature.tensors, tensors, strict=True):
            if not (hasattr(tensor, "shape") and hasattr(tensor, "dtype")):
                raise SignatureError(
                    f"tensor {parameter.name!r} of jit design {signature.generator_name!r} is "
                    f"a {type(tensor).__name__}",
                    at=author_line(),
                    fix="pass an iron.tensor or a numpy array; other values are keywords",
                )
        named = {
            parameter.name: tensor
            for parameter, tensor in zip(signature.tensors, tensors, strict=True)
        }
        return self.compilable.executable(
            self.compilable.resolve(named, self.compilable.values_of(values))
        )

    def _key(self, tensors: tuple[Any, ...], values: Mapping[str, Any]) -> Any:
        """What a built design depends on, within a process; None if it cannot be remembered."""
        if not self.compilable.options.use_cache:
            return None
        try:
            key = (
                tuple((tuple(tensor.shape), tensor.dtype) for tensor in tensors),
                tuple((name, type(value), value) for name, value in sorted(values.items())),
                _device_name(),
            )
            hash(key)
        except (AttributeError, TypeError):
            return None
        return key


@overload
def jit(generator: Callable[..., Any], /) -> CallableDesign: ...
@overload
def jit(**options: Any) -> Callable[[Callable[..., Any]], CallableDesign]: ...
@overload
def jit(generator: Callable[..., Any], /, **options: Any) -> CallableDesign: ...


def jit(generator: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """`@jit`, `@jit(options)` or `jit(function, options)`.

    options: those of `JitOptions`; any other keyword binds a compile-time value of the generator.
    Raises SignatureError, a TypeError, for a keyword that is neither, and for an unclear parameter.
    """
    if generator is None:
        return functools.partial(jit, **options)
    return CallableDesign(_compilable(generator, options))


def compileconfig(generator: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """As `jit`, but the design is only built, not run: it makes a `CompilableDesign`."""
    if generator is None:
        return functools.partial(compileconfig, **options)
    return _compilable(generator, options)


def _compilable(generator: Callable[..., Any], options: Mapping[str, Any]) -> CompilableDesign:
    if not callable(generator):
        raise SignatureError(
            f"jit was given a {type(generator).__name__}",
            at=author_line(),
            fix="decorate a function, or pass options by name",
        )
    known = JitOptions.names()
    bound = {name: value for name, value in options.items() if name not in known}
    design = CompilableDesign(
        generator, JitOptions(**{name: options[name] for name in options if name in known})
    )
    unknown = sorted(set(bound) - design.signature.keyword_names)
    if unknown:
        raise SignatureError(
            f"jit has no option {unknown[0]!r}, nor has {generator.__name__!r} such a keyword",
            at=line_of(generator),
            because=f"the options are {', '.join(sorted(known))}",
        )
    return design.specialize(**bound)


def _device_name() -> str:
    device = get_current_device()
    return type(device).__name__ if device is not None else "none"
