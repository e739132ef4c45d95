"""The fingerprint of a plan: equal for plans that behave alike, different for all others.

Notes (source lines, fifo names) are left out, so a comment above a design changes nothing.
"""

import dataclasses
import hashlib
from collections.abc import Iterator
from enum import Enum

import numpy as np

from ironbird.base.source_line import SourceLine
from ironbird.plan.plan import PhysicalPlan


def fingerprint(plan: PhysicalPlan) -> str:
    """SHA-256 of the plan's content, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for token in _tokens(plan):
        digest.update(len(token).to_bytes(8, "big") + token)
    return digest.hexdigest()


def _tokens(value: object) -> Iterator[bytes]:
    """A prefix-free spelling of a value: its type, its size where it has one, its parts."""
    match value:
        case SourceLine():
            return
        case _ if dataclasses.is_dataclass(value):
            yield type(value).__name__.encode()
            for part in dataclasses.fields(value):
                if part.metadata.get("note") or not part.compare:
                    continue
                yield part.name.encode()
                yield from _tokens(getattr(value, part.name))
        case tuple():
            yield b"tuple%d" % len(value)
            for item in value:
                yield from _tokens(item)
        case Enum():
            yield f"{type(value).__name__}.{value.name}".encode()
        case bytes():
            yield b"bytes"
            yield value
        case None | bool() | int() | float() | str() | np.dtype():
            yield f"{type(value).__name__}:{value!r}".encode()
        case _:
            raise TypeError(f"a plan holds a {type(value).__name__}, which has no fingerprint")
