"""A jit generator with some compile-time values bound: it makes modules and executables.

A marked generator is called once for each combination of shapes, types and compile-time values, and
gets placeholders. A plain one, of IRON before 1.3.3, gets the tensors themselves: since it may read
them, it is called anew each time, and only what it builds is remembered.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError, UsageError
from ironbird.base.source_line import author_line
from ironbird.ir import print_module
from ironbird.iron.array_types import array_type, is_array_annotation
from ironbird.iron.markers import DispatchTimeArgument
from ironbird.iron.program import Program
from ironbird.iron.resolved_program import ResolvedProgram, resolved_program_of
from ironbird.session.artifacts import Artifacts
from ironbird.session.compile import Executable, compile
from ironbird.session.compile_context import compile_context
from ironbird.session.jit_options import JitOptions
from ironbird.session.parameters import Signature, SignatureError, line_of, name_of, read_signature
from ironbird.session.placed_body import placed_body
from ironbird.session.placeholder import TensorPlaceholder, UnknownTensor


@dataclass(frozen=True)
class Resolved:
    """What one call of a generator made, and the dispatch-time parameters its sequence takes."""

    program: ResolvedProgram
    dispatch: tuple[DispatchTimeArgument, ...] = ()


@dataclass(frozen=True)
class CompilableDesign:
    """A generator, its options and the compile-time values and tensor types bound so far."""

    generator: Callable[..., Any]
    options: JitOptions = field(default_factory=JitOptions)
    bound: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.check_names(self.bound)

    @property
    def signature(self) -> Signature:
        """The generator's parameters by role."""
        return read_signature(self.generator)

    @property
    def name(self) -> str:
        """What messages call the design."""
        return name_of(self.generator)

    def specialize(self, **values: Any) -> "CompilableDesign":
        """The same with more compile-time values, or types of tensors, bound."""
        return CompilableDesign(self.generator, self.options, {**self.bound, **values})

    def check_names(self, values: Mapping[str, Any]) -> None:
        """Raise SignatureError for a keyword that the generator does not have."""
        signature = self.signature
        for name, value in values.items():
            if name in signature.keyword_names:
                continue
            if name in signature.tensor_names:
                _check_type(value, name, self)
                continue
            keywords = ", ".join(sorted(signature.keyword_names)) or "none"
            raise SignatureError(
                f"jit design {signature.generator_name!r} has no keyword {name!r}",
                at=line_of(self.generator),
                because=f"its keywords are {keywords}",
            )

    def values_of(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every keyword's value: given, bound or default. Raises SignatureError if one has none."""
        self.check_names(given)
        signature = self.signature
        values = {**self.bound, **given}
        for parameter in signature.keywords:
            if parameter.name in values:
                continue
            if parameter.is_required:
                raise SignatureError(
                    f"jit design {signature.generator_name!r} needs {parameter.name}=",
                    at=line_of(self.generator),
                    because=f"{parameter.name} is a {parameter.role.value} value without a default",
                )
            values[parameter.name] = parameter.default
        return values

    def resolve(self, tensors: Mapping[str, Any], values: Mapping[str, Any]) -> Resolved:
        """Call a marked generator: its module, and the kernel sources that came with it.

        tensors: for each tensor parameter anything with a shape and a dtype; missing where unknown.
        values:  of the keywords, and types of tensors. Dispatch-time ones take no part.
        """
        signature = self.signature
        dispatch = tuple(
            DispatchTimeArgument(each.name, each.annotation) for each in signature.dispatch_time
        )
        early = {name: value for name, value in values.items() if name in signature.keyword_names}
        early |= {parameter.name: parameter for parameter in dispatch}
        given = {
            parameter.name: _placeholder(
                parameter.name,
                tensors.get(parameter.name),
                values.get(parameter.name, parameter.annotation),
            )
            for parameter in signature.tensors
        }
        with compile_context(**early):
            made = self.generator(**given, **early)
        return Resolved(self._program(made), dispatch)

    def resolve_plain(self, arguments: tuple[Any, ...], values: Mapping[str, Any]) -> Resolved:
        """Call a plain generator with what the design was called with.

        It returns a module, or builds a placed design in the module that stands around the call.
        """
        with compile_context(**values), placed_body() as body:
            made = self.generator(*arguments, **values)
        if made is None:
            made = body.module()
        return Resolved(self._program(made))

    def _program(self, made: Any) -> ResolvedProgram:
        if isinstance(made, Program):
            return made.resolve()
        if isinstance(made, ResolvedProgram):
            return made
        if isinstance(made, ModuleOp):
            return resolved_program_of(made)
        raise DesignError(
            f"jit design {self.name!r} returned {type(made).__name__}",
            at=line_of(self.generator),
            fix="return Program(...).resolve_program()",
        )

    def as_mlir(self, *arguments: Any, **values: Any) -> str:
        """The module as text. Tensors are of the types bound; a plain design takes the tensors."""
        return print_module(self.resolved(arguments, values).program.module)

    def resolved(self, arguments: tuple[Any, ...], values: Mapping[str, Any]) -> Resolved:
        """What the generator makes of `values` alone; of a plain one, of `arguments` too."""
        if self.signature.is_plain:
            return self.resolve_plain(arguments, {**self.bound, **values})
        if arguments:
            raise UsageError(
                f"jit design {self.name!r} is built without tensors here",
                at=author_line(),
                because="its parameters are marked",
                fix="types of tensors by name: x=np.ndarray[shape, np.dtype[...]]",
            )
        return self.resolve({}, self.values_of(values))

    def executable(self, resolved: ResolvedProgram) -> Executable:
        """Build a resolved program with this design's options."""
        return compile(
            resolved,
            kernel_sources=self.options.kernel_sources(line_of(self.generator)),
            flags=self.options.compile_flags,
            numerics=self.options.numerics,
            use_cache=self.options.use_cache,
            title=self.name,
            notes=self.options.notes,
        )

    def compile(self, *arguments: Any, **values: Any) -> Executable:
        """Build for the values bound and given, without tensors."""
        return self.executable(self.resolved(arguments, values).program)

    def get_artifacts(self, **values: Any) -> Artifacts:
        """Where what this makes is kept: the simulator's library and source, and the module."""
        return Artifacts.of(self.compile(**values))

    def get_dispatch_lib_path(self, **values: Any) -> None:
        """There is none: a dispatch-time value is written into the sequence before it is built."""
        return

    @property
    def recipe_hash(self) -> str:
        """Names the generator's code, its bound values and its options: 24 hex digits."""
        digest = hashlib.sha256()
        code = getattr(self.generator, "__code__", None)
        if code is not None:
            _add_code(digest, code)
        digest.update(self.to_json().encode())
        return digest.hexdigest()[:24]

    @property
    def artifact_hash(self) -> str:
        """Names the module that the bound values make: 24 hex digits."""
        return hashlib.sha256(self.as_mlir().encode()).hexdigest()[:24]

    def to_json(self) -> str:
        """The generator's name, bound values and options."""
        described = {
            "generator": f"{self.generator.__module__}.{self.generator.__qualname__}",
            "bound": {name: repr(value) for name, value in sorted(self.bound.items())},
            "options": {name: repr(value) for name, value in sorted(vars(self.options).items())},
        }
        return json.dumps(described, sort_keys=True)


def _check_type(value: Any, name: str, design: CompilableDesign) -> None:
    if is_array_annotation(value):
        return
    raise SignatureError(
        f"{name}={value!r} is no type of the tensor {name!r} of jit design {design.name!r}",
        at=author_line(),
        because="tensors are given by position, their types by name",
        fix=f"{name}=np.ndarray[shape, np.dtype[...]]",
    )


def _placeholder(name: str, tensor: Any, annotation: Any) -> TensorPlaceholder:
    """A tensor's shape as the call brings it, or as its type says it, or unknown."""
    if tensor is not None:
        return TensorPlaceholder(name, tuple(tensor.shape), tensor.dtype)
    if annotation is not None:
        array = array_type(annotation, of=f"tensor {name!r}")
        return TensorPlaceholder(name, array.shape, array.element.dtype)
    return UnknownTensor(name)


def _add_code(digest: Any, code: CodeType) -> None:
    """Instructions, names and constants; places and file names take no part."""
    digest.update(repr((code.co_code, code.co_names, code.co_varnames)).encode())
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _add_code(digest, constant)
        else:
            shown = sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant
            digest.update(repr(shown).encode())
