"""Reads a jit generator's signature: which parameters are tensors, which are known when compiling.

Refuses a signature that leaves it open, as a `TypeError` at the generator's first line.
"""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.iron.markers import In, InOut, Out, is_compile_time, is_dispatch_time

_EMPTY = inspect.Parameter.empty


class SignatureError(DesignError, TypeError):
    """A generator's parameters are not what jit understands, or a call does not match them."""


class Role(Enum):
    """What a parameter stands for."""

    TENSOR = "tensor"
    COMPILE_TIME = "compile time"
    DISPATCH_TIME = "dispatch time"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a generator. `default` is `inspect.Parameter.empty` if there is none."""

    name: str
    role: Role
    default: Any = _EMPTY

    @property
    def is_required(self) -> bool:
        """Whether a call must give it."""
        return self.default is _EMPTY


@dataclass(frozen=True)
class Signature:
    """A generator's parameters: tensors in order, and keywords."""

    generator_name: str
    tensors: tuple[Parameter, ...]
    keywords: tuple[Parameter, ...]

    @property
    def keyword_names(self) -> frozenset[str]:
        """The names that compile-time and dispatch-time values go by."""
        return frozenset(parameter.name for parameter in self.keywords)


def read_signature(generator: Callable[..., Any]) -> Signature:
    """The roles of `generator`'s parameters.

    Raises SignatureError for `*args`, for a marker in the wrong place, and for a missing one.
    """
    name = generator.__name__
    at = line_of(generator)
    hints = _annotations(generator)
    tensors: list[Parameter] = []
    keywords: list[Parameter] = []
    for parameter in inspect.signature(generator).parameters.values():
        annotation = hints.get(parameter.name, parameter.annotation)
        kind = parameter.kind
        if kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SignatureError(
                f"jit design {name!r} takes *{parameter.name}", at=at, fix="name every parameter"
            )
        known_early = is_compile_time(annotation) or is_dispatch_time(annotation)
        if known_early and kind is not parameter.KEYWORD_ONLY:
            raise SignatureError(
                f"parameter {parameter.name!r} of jit design {name!r} is not keyword-only",
                at=at,
                because="CompileTime and DispatchTime values are given by name",
                fix=f"put it after a bare *: (..., *, {parameter.name}: ...)",
            )
        if known_early:
            role = Role.COMPILE_TIME if is_compile_time(annotation) else Role.DISPATCH_TIME
            keywords.append(Parameter(parameter.name, role, parameter.default))
        elif kind is parameter.KEYWORD_ONLY or not _is_tensor(annotation):
            raise SignatureError(
                f"parameter {parameter.name!r} of jit design {name!r} has no marker",
                at=at,
                fix="mark a tensor In, Out or InOut, and a keyword-only value CompileTime[...]",
            )
        elif parameter.default is not _EMPTY:
            raise SignatureError(
                f"parameter {parameter.name!r} of jit design {name!r} is a tensor with a default",
                at=at,
                because="only CompileTime and DispatchTime values may have one",
                fix=f"make it keyword-only: (..., *, {parameter.name}: CompileTime[...] = ...)",
            )
        else:
            tensors.append(Parameter(parameter.name, Role.TENSOR))
    return Signature(name, tuple(tensors), tuple(keywords))


def line_of(generator: Callable[..., Any]) -> SourceLine | None:
    """The first line of a function."""
    code = getattr(generator, "__code__", None)
    return SourceLine(code.co_filename, code.co_firstlineno) if code is not None else None


def _annotations(generator: Callable[..., Any]) -> dict[str, Any]:
    """Annotations with their markers, also where `from __future__` made text of them."""
    try:
        return typing.get_type_hints(generator, include_extras=True)
    except (NameError, TypeError, AttributeError):
        return {}


def _is_tensor(annotation: Any) -> bool:
    """Marked In, Out or InOut, or not marked at all."""
    return annotation is _EMPTY or annotation in (In, Out, InOut)
