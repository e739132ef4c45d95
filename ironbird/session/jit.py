"""`@iron.jit`: a function that builds a design becomes one that runs it.

    @iron.jit
    def scaled(x: In, y: Out, *, factor: CompileTime[int] = 3): ...
    scaled(x, y, factor=5)

A call builds the design for the tensors' shapes and the compile-time values, or takes it from the
process's memory or the cache; runs it; and raises RunFailed if the run met a defect. A
dispatch-time value is no part of the module, only of what is built from it (`dispatch_values`).

A generator without markers is one of IRON before 1.3.3 and is called with the tensors themselves:
`jit(transform)(function, x, y, tile_size=16)`. Each call returns the result; upstream's first one
of April 2026 returned None.
"""

import functools
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

import numpy as np

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.iron.device import get_current_device
from ironbird.iron.resolved_program import ResolvedProgram
from ironbird.iron.tensor import NpuTensor
from ironbird.session.build import default_cache
from ironbird.session.cache import COMPILED
from ironbird.session.compilable_design import CompilableDesign, Resolved
from ironbird.session.compile import Executable
from ironbird.session.compile_context import compile_context, get_compile_arg
from ironbird.session.dispatch_values import checked, with_values
from ironbird.session.jit_options import JitOptions
from ironbird.session.parameters import SignatureError, line_of, name_of
from ironbird.session.plan_cache import plan_key
from ironbird.session.result import RunResult
from ironbird.session.run import run
from ironbird.session.simulation_file import SimulationFile, write_instructions_place
from ironbird.session.trace_reading.host import keep_trace

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
        self._resolved: dict[Hashable, Resolved] = {}
        self._executables: dict[Hashable, Executable] = {}
        functools.update_wrapper(self, compilable.generator)

    def __call__(self, *arguments: Any, **values: Any) -> RunResult:
        """Build if needed, run, and return the result; outputs are written into the tensors.

        Raises DesignError for what cannot be built, UsageError for unfit tensors, RunFailed for a
        defect that the run met.
        """
        if self._signature.is_plain:
            tensors = tensors_among(arguments, values)
            executable = self._plain_executable(arguments, values)
        else:
            tensors = self._checked_tensors((*arguments, *self._named_tensors(arguments, values)))
            executable = self._marked_executable(tensors, values)
        try:
            result = run(executable, *tensors)
        except UsageError as unfit:
            unfit.at = unfit.at or author_line()
            raise
        result.raise_for_findings()
        keep_trace(result, self.compilable.options.trace_config)
        return result

    def specialize(self, **values: Any) -> "CallableDesign":
        """The same design with some compile-time values, or types of tensors, fixed."""
        return CallableDesign(self.compilable.specialize(**values))

    def as_mlir(self, *arguments: Any, **values: Any) -> str:
        """The design's module as text."""
        return self.compilable.as_mlir(*arguments, **values)

    def compile(
        self,
        *arguments: Any,
        xclbin_path: str | Path | None = None,
        inst_path: str | Path | None = None,
        pdi_path: str | Path | None = None,
        elf_path: str | Path | None = None,
        **values: Any,
    ) -> tuple[Path, Path]:
        """Build without running. Returns two files, at the paths asked for or in the cache.

        The first stands where the chip's flow has an xclbin, and holds a design for the simulator
        (`NPUKernel` runs it). The second stands where the instructions would be, and says so.
        Raises UsageError for what only the chip's tools make.
        """
        for name, path in (("pdi_path", pdi_path), ("elf_path", elf_path)):
            if path is not None:
                raise _only_for_the_chip(f"{name}={path!s} cannot be written")
        design = self.compilable
        made = SimulationFile(
            title=design.name,
            program=self._for_all_values(design.resolved(arguments, values), values),
            kernel_sources=design.options.kernel_sources(line_of(design.generator)),
            flags=tuple(design.options.compile_flags),
            numerics=design.options.numerics,
            notes=design.options.notes,
        )
        key = made.executable(use_cache=design.options.use_cache).key
        kept = default_cache().root / COMPILED
        xclbin = Path(xclbin_path) if xclbin_path is not None else kept / f"{key}.json"
        instructions = Path(inst_path) if inst_path is not None else kept / f"{key}.sequence.json"
        made.write(xclbin)
        write_instructions_place(instructions)
        return xclbin, instructions

    def get_pdi_path(self, device_name: str = "main") -> Path:
        """Refused: a PDI configures the chip."""
        raise _only_for_the_chip(f"there is no PDI of device {device_name!r}")

    def get_pdi_paths(self) -> list[Path]:
        """Refused: a PDI configures the chip."""
        raise _only_for_the_chip("there are no PDIs")

    def _plain_executable(
        self, arguments: tuple[Any, ...], values: Mapping[str, Any]
    ) -> Executable:
        """Called anew each time: a plain generator may read the tensors it gets."""
        resolved = self.compilable.resolved(arguments, values).program
        key = (plan_key(resolved.module), resolved.kernel_sources)
        return self._remembered(key, lambda: self.compilable.executable(resolved))

    def _marked_executable(self, tensors: tuple[Any, ...], given: Mapping[str, Any]) -> Executable:
        values = self.compilable.values_of(given)
        late = {each.name: values.pop(each.name) for each in self._signature.dispatch_time}
        key = _module_key(tensors, values)
        resolved = self._resolved.get(key) if key is not None else None
        if resolved is None:
            names = [parameter.name for parameter in self._signature.tensors]
            resolved = self.compilable.resolve(dict(zip(names, tensors, strict=True)), values)
            if key is not None:
                self._resolved[key] = resolved
        numbers = _dispatch_numbers(resolved, late)
        build = functools.partial(self._with_values, resolved, numbers)
        if key is None:
            return build()
        return self._remembered((key, tuple(sorted(numbers.items()))), build)

    def _with_values(self, resolved: Resolved, numbers: Mapping[int, int]) -> Executable:
        program = resolved.program
        module = with_values(program.module, numbers)
        return self.compilable.executable(replace(program, module=module))

    def _for_all_values(self, resolved: Resolved, given: Mapping[str, Any]) -> ResolvedProgram:
        """The program of a design that is compiled without a call, dispatch-time values put in."""
        if not resolved.dispatch:
            return resolved.program
        values = self.compilable.values_of(given)
        late = {parameter.name: values[parameter.name] for parameter in resolved.dispatch}
        module = with_values(resolved.program.module, _dispatch_numbers(resolved, late))
        return replace(resolved.program, module=module)

    def _remembered(self, key: Hashable, build: Callable[[], Executable]) -> Executable:
        if not self.compilable.options.use_cache:
            return build()
        executable = self._executables.get(key)
        if executable is None:
            executable = self._executables[key] = build()
        return executable

    def _named_tensors(self, arguments: tuple[Any, ...], values: dict[str, Any]) -> list[Any]:
        """Tensors given by name after those given by position; taken out of `values`."""
        rest = [parameter.name for parameter in self._signature.tensors[len(arguments) :]]
        return [values.pop(name) for name in rest if is_tensor(values.get(name))]

    def _checked_tensors(self, tensors: tuple[Any, ...]) -> tuple[Any, ...]:
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
            if not is_tensor(tensor):
                raise SignatureError(
                    f"tensor {parameter.name!r} of jit design {signature.generator_name!r} is "
                    f"a {type(tensor).__name__}",
                    at=author_line(),
                    fix="pass an iron.tensor or a numpy array; other values are keywords",
                )
        return tensors


def is_tensor(value: Any) -> bool:
    """Whether a program can run on `value`; a numpy number has a shape too, and is none."""
    return isinstance(value, NpuTensor | np.ndarray)


def tensors_among(arguments: tuple[Any, ...], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a plain design runs on: the tensors it was called with, in order; the rest is taken out.

    Kernels, numbers and functions are for the generator.
    """
    return tuple(value for value in (*arguments, *values.values()) if is_tensor(value))


def _module_key(tensors: tuple[Any, ...], values: Mapping[str, Any]) -> Hashable | None:
    """What a marked design's module depends on, within a process; None if it has no name."""
    key = (
        tuple((tuple(tensor.shape), tensor.dtype) for tensor in tensors),
        tuple((name, type(value), value) for name, value in sorted(values.items())),
        get_current_device().name,
    )
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _dispatch_numbers(resolved: Resolved, values: Mapping[str, Any]) -> dict[int, int]:
    """The values by the number of the sequence's argument; one that nothing takes has none."""
    return {
        parameter.argument_number: checked(parameter, values[parameter.name])
        for parameter in resolved.dispatch
        if parameter.argument_number is not None
    }


def _only_for_the_chip(what: str) -> UsageError:
    return UsageError(
        what,
        at=author_line(),
        because="the embedded back end simulates; mlir-aie makes files for the chip",
    )


@overload
def jit(function: Callable[..., Any], /) -> CallableDesign: ...
@overload
def jit(**options: Any) -> Callable[[Callable[..., Any]], CallableDesign]: ...
@overload
def jit(function: Callable[..., Any], **options: Any) -> CallableDesign: ...


def jit(function: Callable[..., Any] | None = None, use_cache: bool = True, **options: Any) -> Any:
    """`@jit`, `@jit(options)` or `jit(function, options)`.

    options: those of `JitOptions`; any other keyword binds a compile-time value of the generator.
    Raises SignatureError, a TypeError, for a keyword that is neither, and for an unclear parameter.
    """
    options["use_cache"] = use_cache
    if function is None:
        return functools.partial(jit, **options)
    return CallableDesign(_compilable(function, options))


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
    signature = design.signature
    unknown = sorted(set(bound) - signature.keyword_names - signature.tensor_names)
    if unknown:
        raise SignatureError(
            f"jit has no option {unknown[0]!r}, nor has {name_of(generator)!r} such a keyword",
            at=line_of(generator),
            because=f"the options are {', '.join(sorted(known))}",
        )
    return design.specialize(**bound)
