"""The fingerprint of a plan: equal for plans that behave alike, different for all others.

Notes (source lines, fifo names) are left out, so a comment above a design changes nothing.
"""

import dataclasses
import functools
import hashlib
from enum import Enum

import numpy as np

from ironbird.base.source_line import SourceLine
from ironbird.plan.plan import PhysicalPlan


def fingerprint(plan: PhysicalPlan) -> str:
    """SHA-256 of the plan's content, as 64 hexadecimal digits."""
    tokens: list[bytes] = []
    _spell(plan, tokens)
    digest = hashlib.sha256()
    digest.update(b"".join(len(token).to_bytes(8, "big") + token for token in tokens))
    return digest.hexdigest()


def _spell(value: object, tokens: list[bytes]) -> None:
    """Append a prefix-free spelling of a value: its type, its size where it has one, its parts."""
    match value:
        case None | bool() | int() | float() | str() | np.dtype() if not isinstance(value, Enum):
            tokens.append(f"{type(value).__name__}:{value!r}".encode())
        case tuple():
            tokens.append(b"tuple%d" % len(value))
            for item in value:
                _spell(item, tokens)
        case Enum():
            tokens.append(f"{type(value).__name__}.{value.name}".encode())
        case bytes():
            tokens += (b"bytes", value)
        case SourceLine():
            return
        case _ if dataclasses.is_dataclass(value):
            kind: type[object] = type(value)
            tokens.append(kind.__name__.encode())
            for name, spelled in _compared_fields(kind):  # type: ignore[arg-type]
                tokens.append(spelled)
                _spell(getattr(value, name), tokens)
        case _:
            raise TypeError(f"a plan holds a {type(value).__name__}, which has no fingerprint")


@functools.cache
def _compared_fields(of: type[object]) -> tuple[tuple[str, bytes], ...]:
    """The fields of a dataclass that count, each with its name as it is spelled."""
    return tuple(
        (part.name, part.name.encode())
        for part in dataclasses.fields(of)  # type: ignore[arg-type]
        if part.compare and not part.metadata.get("note")
    )
