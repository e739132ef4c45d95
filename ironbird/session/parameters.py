"""Reads a jit generator's signature: which parameters are tensors, which are known when compiling.

A generator without a single marker is written as before IRON 1.3.3, and is *plain*: it takes what
it likes, and is called with it. Refuses a marked signature that leaves a role open, as a
`TypeError` at the generator's first line.
"""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.iron.array_types import is_array_annotation
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
    """One parameter of a generator. `default` is `inspect.Parameter.empty` if there is none.

    annotation: of a tensor its array type, if it is written there; of a number its marked type.
    """

    name: str
    role: Role
    default: Any = _EMPTY
    annotation: Any = None

    @property
    def is_required(self) -> bool:
        """Whether a call must give it."""
        return self.default is _EMPTY


@dataclass(frozen=True)
class Signature:
    """A generator's parameters: tensors in order, and keywords.

    is_plain: there are no markers, so neither tensors nor values are told apart before a call.
    """

    generator_name: str
    tensors: tuple[Parameter, ...]
    keywords: tuple[Parameter, ...]
    is_plain: bool = False

    @property
    def keyword_names(self) -> frozenset[str]:
        """The names that compile-time and dispatch-time values go by."""
        return frozenset(parameter.name for parameter in self.keywords)

    @property
    def tensor_names(self) -> frozenset[str]:
        """The names of the tensors; a type may be bound to each."""
        return frozenset(parameter.name for parameter in self.tensors)

    @property
    def dispatch_time(self) -> tuple[Parameter, ...]:
        """The keywords whose value comes with each call."""
        return tuple(each for each in self.keywords if each.role is Role.DISPATCH_TIME)


def read_signature(generator: Callable[..., Any]) -> Signature:
    """The roles of `generator`'s parameters.

    Raises SignatureError for `*args`, for a marker in the wrong place, and for a missing one.
    """
    name = name_of(generator)
    at = line_of(generator)
    hints = _annotations(generator)
    if not any(map(_is_marker, hints.values())):
        return _plain_signature(name, generator)
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
            keywords.append(Parameter(parameter.name, role, parameter.default, annotation))
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
            written = annotation if is_array_annotation(annotation) else None
            tensors.append(Parameter(parameter.name, Role.TENSOR, annotation=written))
    return Signature(name, tuple(tensors), tuple(keywords))


def name_of(generator: Callable[..., Any]) -> str:
    """What messages call a generator; a partial or an instance goes by what it is made of."""
    inner = getattr(generator, "func", generator)
    return str(getattr(inner, "__name__", type(inner).__name__))


def line_of(generator: Callable[..., Any]) -> SourceLine | None:
    """The first line of a function."""
    code = getattr(generator, "__code__", None)
    return SourceLine(code.co_filename, code.co_firstlineno) if code is not None else None


def _annotations(generator: Callable[..., Any]) -> dict[str, Any]:
    """Annotations of parameters, also where `from __future__` made text of them."""
    parameters = inspect.signature(generator).parameters
    written = {name: parameter.annotation for name, parameter in parameters.items()}
    if not any(isinstance(annotation, str) for annotation in written.values()):
        return written
    try:
        return {**written, **typing.get_type_hints(generator, include_extras=True)}
    except (NameError, TypeError, AttributeError) as failure:
        raise SignatureError(
            f"the annotations of jit design {name_of(generator)!r} cannot be read",
            at=line_of(generator),
            because=f"they are text, and {failure}",
            fix="import what they name at the top of the file",
        ) from None


def _plain_signature(name: str, generator: Callable[..., Any]) -> Signature:
    """The keywords that jit may bind: every parameter, for nothing says which are tensors."""
    parameters = inspect.signature(generator).parameters.values()
    named = (
        each for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    )
    keywords = (Parameter(each.name, Role.COMPILE_TIME, each.default) for each in named)
    return Signature(name, (), tuple(keywords), is_plain=True)


def _is_marker(annotation: Any) -> bool:
    return (
        annotation in (In, Out, InOut)
        or is_array_annotation(annotation)
        or is_compile_time(annotation)
        or is_dispatch_time(annotation)
    )


def _is_tensor(annotation: Any) -> bool:
    """Marked In, Out or InOut, with its type written, or not marked at all."""
    return annotation in (_EMPTY, In, Out, InOut) or is_array_annotation(annotation)
