"""The public names of upstream that `signatures.json` records, and what is known of each.

Signatures are written without `self`; `property` is an attribute, `value` a name alone. A parameter
of upstream's must be ours too, under its name, in its place, with an equal default. Defaults `[]`
of upstream are None or () here, which every caller sees the same.
"""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

TABLE = json.loads((Path(__file__).parent / "signatures.json").read_text())
DIFFERENCES: dict[str, str] = {
    path: reason for reason, paths in TABLE["differences"].items() for path in paths
}
"""Why a recorded name is not here as recorded, by its path."""


@dataclass(frozen=True)
class Recorded:
    """One name. path: `module.Class.member`. form: its signature, `property` or `value`."""

    module: str
    names: tuple[str, ...]
    form: str

    @property
    def path(self) -> str:
        return ".".join((self.module, *self.names))


def recorded() -> Iterator[Recorded]:
    """Everything in the table, members of classes after their class."""
    for module, names in TABLE["modules"].items():
        for name, form in names.items():
            if isinstance(form, Mapping):
                yield Recorded(module, (name,), "value")
                for member, of_member in form.items():
                    yield Recorded(module, (name, member), of_member)
            else:
                yield Recorded(module, (name,), form)
    for module, exported in TABLE["exports"].items():
        yield from (Recorded(module, (name,), "value") for name in exported)


def difference(entry: Recorded) -> str | None:
    """How ours differs from what is recorded, or None."""
    try:
        ours: Any = getattr(import_module(entry.module), entry.names[0])
        for member in entry.names[1:]:
            if _is_name(entry) and _is_set_by_init(ours, member):
                return None
            ours = getattr(ours, member)
    except (ImportError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    if _is_name(entry):
        return None
    if not callable(ours):
        return f"a {type(ours).__name__} is not called"
    return _difference_of_parameters(entry, ours)


def _is_name(entry: Recorded) -> bool:
    return entry.form.removesuffix(", settable") in ("value", "property")


def _is_set_by_init(kind: type, attribute: str) -> bool:
    """Whether every object of the class has the attribute, though the class has not."""
    inits = (base.__dict__.get("__init__") for base in kind.__mro__[:-1])
    return any(
        f"self.{attribute}" in line.partition("=")[0].split(":")[0].strip()
        for init in inits
        if inspect.isfunction(init)
        for line in inspect.getsource(init).splitlines()
    )


def _difference_of_parameters(entry: Recorded, ours: Any) -> str | None:
    signature = entry.form.removeprefix("classmethod ").removeprefix("staticmethod ")
    theirs = ast.parse(f"def f{signature}: pass").body[0]
    assert isinstance(theirs, ast.FunctionDef)
    mine = list(inspect.signature(ours).parameters.values())
    if len(entry.names) > 1 and mine and mine[0].name == "self":
        mine = mine[1:]
    arguments = theirs.args
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + list(arguments.defaults)
    for place, (argument, default) in enumerate(zip(arguments.args, defaults, strict=True)):
        why = _why_other(argument.arg, default, place, mine)
        if why is not None:
            return why
    for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        why = _why_other(argument.arg, keyword_default, None, mine)
        if why is not None:
            return why
    kinds = {each.kind for each in mine}
    if arguments.vararg is not None and inspect.Parameter.VAR_POSITIONAL not in kinds:
        return f"no *{arguments.vararg.arg}"
    if arguments.kwarg is not None and inspect.Parameter.VAR_KEYWORD not in kinds:
        return f"no **{arguments.kwarg.arg}"
    return None


def _why_other(
    name: str, default: ast.expr | None, place: int | None, mine: list[inspect.Parameter]
) -> str | None:
    names = [each.name for each in mine]
    if name not in names:
        return f"no parameter {name!r} in {names}"
    ours = mine[names.index(name)]
    if place is not None and names.index(name) != place:
        return f"{name!r} is parameter {names.index(name)}, not {place}"
    if place is not None and ours.kind is inspect.Parameter.KEYWORD_ONLY:
        return f"{name!r} is keyword-only"
    if default is None:
        return None
    if ours.default is inspect.Parameter.empty:
        return f"{name!r} has no default"
    if not _equal(ast.unparse(default), ours.default):
        return f"{name!r} is {ours.default!r} by default, not {ast.unparse(default)}"
    return None


def _equal(written: str, ours: Any) -> bool:
    if written in ("[]", "{}"):
        return ours is None or len(ours) == 0
    from aie.iron.device import AnyComputeTile, AnyMemTile, AnyShimTile

    known = {
        "np": np,
        "AnyComputeTile": AnyComputeTile,
        "AnyMemTile": AnyMemTile,
        "AnyShimTile": AnyShimTile,
    }
    try:
        theirs = eval(written, known)
    except (NameError, AttributeError):
        # A default of upstream's own, such as `xrt.bo.host_only`: by its last name.
        return str(ours).split(".")[-1] == written.split(".")[-1]
    return theirs is ours or bool(theirs == ours)


def is_absent(entry: Recorded) -> bool:
    """Whether there is nothing under the name; importing it says so (`test_signatures`)."""
    why = difference(entry)
    return why is not None and why.startswith(("AbsentNameError", "ImportError", "AttributeError"))
