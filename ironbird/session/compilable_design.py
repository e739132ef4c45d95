"""A jit generator with some compile-time values bound: it makes modules and executables."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.ir import print_module
from ironbird.iron.program import Program, ResolvedProgram, resolved_program_of
from ironbird.session.compile import Executable, compile
from ironbird.session.compile_context import compile_context
from ironbird.session.jit_options import JitOptions
from ironbird.session.parameters import Signature, SignatureError, line_of, read_signature
from ironbird.session.placeholder import TensorPlaceholder


@dataclass(frozen=True)
class CompilableDesign:
    """A generator, its options and the compile-time values bound so far."""

    generator: Callable[..., Any]
    options: JitOptions = field(default_factory=JitOptions)
    bound: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.check_names(self.bound)

    @property
    def signature(self) -> Signature:
        """The generator's parameters by role."""
        return read_signature(self.generator)

    def specialize(self, **values: Any) -> "CompilableDesign":
        """The same with more compile-time values bound."""
        return CompilableDesign(self.generator, self.options, {**self.bound, **values})

    def check_names(self, values: Mapping[str, Any]) -> None:
        """Raise SignatureError for a keyword that the generator does not have."""
        signature = self.signature
        for name in values:
            if name in signature.keyword_names:
                continue
            raise SignatureError(
                f"jit design {signature.generator_name!r} has no keyword {name!r}",
                at=line_of(self.generator),
                because=f"its keywords are {', '.join(sorted(signature.keyword_names)) or 'none'}",
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

    def resolve(self, tensors: Mapping[str, Any], values: Mapping[str, Any]) -> ResolvedProgram:
        """Call the generator: the module of its program, and the kernel sources that came with it.

        tensors: for each tensor parameter anything with a shape and a dtype; None where unknown.
        """
        placeholders = {
            name: tensor
            if tensor is None
            else TensorPlaceholder(name, tuple(tensor.shape), tensor.dtype)
            for name, tensor in tensors.items()
        }
        with compile_context(**values):
            made = self.generator(**placeholders, **values)
        if isinstance(made, Program):
            return made.resolve()
        if isinstance(made, ResolvedProgram):
            return made
        if isinstance(made, ModuleOp):
            return resolved_program_of(made)
        raise DesignError(
            f"jit design {self.generator.__name__!r} returned {type(made).__name__}",
            at=line_of(self.generator),
            fix="return Program(...).resolve_program()",
        )

    def as_mlir(self, **values: Any) -> str:
        """The module as text. Tensor parameters are None: their shapes come from the values."""
        return print_module(self._resolve_without_tensors(values).module)

    def executable(self, resolved: ResolvedProgram) -> Executable:
        """Build a resolved program with this design's options."""
        return compile(
            resolved,
            kernel_sources=self.options.kernel_sources(line_of(self.generator)),
            flags=self.options.compile_flags,
            numerics=self.options.numerics,
            use_cache=self.options.use_cache,
            title=self.generator.__name__,
            notes=self.options.notes,
        )

    def compile(self, **values: Any) -> Executable:
        """Build for the values bound and given, without tensors."""
        return self.executable(self._resolve_without_tensors(values))

    @property
    def recipe_hash(self) -> str:
        """Names the generator's code, its bound values and its options: 24 hex digits."""
        recipe = f"{self.generator.__code__.co_code.hex()}{self.to_json()}"
        return hashlib.sha256(recipe.encode()).hexdigest()[:24]

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

    def _resolve_without_tensors(self, given: Mapping[str, Any]) -> ResolvedProgram:
        tensors = dict.fromkeys(tensor.name for tensor in self.signature.tensors)
        return self.resolve(tensors, self.values_of(given))
