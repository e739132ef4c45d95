"""Names of a program's fifos and buffers: the author's, or `of0`, `rtp0`, `buf_0` in their order.

They depend on the program alone: the counters start anew for each program, and objects are numbered
in the order in which they were made, whatever else the process built before.
"""

import itertools
from collections.abc import Iterable
from typing import Protocol

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine

_made = itertools.count()


def next_serial() -> int:
    """A number that grows with each object made; only its order is ever used."""
    return next(_made)


class Named(Protocol):
    """What can be given a name. `noun` is what messages call it, such as `ObjectFifo`.

    given_name: the author's, or None. name_stem: `of` for names `of0`, `of1`.
    derived_from: the object whose name this one extends by `name_suffix`, or None.
    """

    given_name: str | None
    assigned_name: str | None
    created_at: SourceLine
    serial: int
    noun: str
    name_stem: str
    derived_from: "Named | None"
    name_suffix: str


class Names:
    """The names of one program."""

    def __init__(self, objects: Iterable[Named]) -> None:
        self._owner: dict[str, Named] = {}
        self._names: dict[int, str] = {}
        self._counters: dict[str, itertools.count[int]] = {}
        ordered = sorted(objects, key=lambda each: each.serial)
        for each in ordered:
            if each.given_name is not None:
                self._take(each, each.given_name)
        for each in ordered:
            self.of(each)

    def of(self, thing: Named) -> str:
        """The name of `thing`, given now if it has none yet."""
        known = self._names.get(thing.serial)
        if known is not None:
            return known
        if thing.given_name is not None:
            return self._take(thing, thing.given_name)
        if thing.derived_from is not None:
            stem = f"{self.of(thing.derived_from)}{thing.name_suffix}"
            numbered = (f"{stem}_{n}" if n else stem for n in itertools.count())
        else:
            counter = self._counters.setdefault(thing.name_stem, itertools.count())
            numbered = (f"{thing.name_stem}{n}" for n in counter)
        return self._take(thing, next(name for name in numbered if name not in self._owner))

    def _take(self, thing: Named, name: str) -> str:
        owner = self._owner.setdefault(name, thing)
        if owner is not thing:
            raise DesignError(
                f"two objects are called {name!r}",
                at=thing.created_at,
                because=f"the {owner.noun} at {owner.created_at} has that name",
                fix="another name=, or none",
            )
        self._names[thing.serial] = name
        thing.assigned_name = name
        return name


def label_of(thing: Named) -> str:
    """How a message names an object: `ObjectFifo 'x'`, or `an unnamed ObjectFifo`."""
    name = thing.given_name or thing.assigned_name
    return f"{thing.noun} {name!r}" if name is not None else f"an unnamed {thing.noun}"
