"""Fifos that count more objects at the end of a run than they have.

Each object is free, full, or held by somebody; so the two locks of a pool never count more than
they did at the start, unless something was released that was not acquired.
"""

import re
from collections.abc import Iterator

from ironbird.base.findings import Finding, FindingKind
from ironbird.plan.plan import Lock
from ironbird.simulator.findings.names import Names
from ironbird.simulator.records import RunRecord

# The locks of a pool: f_prod_lock_0 counts the free objects, f_cons_lock_0 the full ones.
_LOCK_NAME = re.compile(r"_(?:prod|cons)_lock_(?=\d+$)")


def over_release_findings(names: Names, record: RunRecord) -> Iterator[Finding]:
    """One finding for each pool whose locks count too many objects."""
    pools: dict[object, list[tuple[Lock, int]]] = {}
    for lock, value in zip(names.machine.plan.locks, record.lock_values, strict=True):
        if lock.role is not None:
            key = (lock.tile, lock.fifo, _LOCK_NAME.sub("_", lock.name))
            pools.setdefault(key, []).append((lock, value))
    for pool in pools.values():
        had = sum(lock.initial for lock, _ in pool)
        counted = sum(value for _, value in pool)
        if len(pool) != 2 or counted <= had:
            continue
        shown = pool[0][0]
        states = ", ".join(f"{value} {lock.role}" for lock, value in pool)
        yield Finding(
            kind=FindingKind.LOCK_OVERFLOW,
            what=f"ObjectFifo {shown.fifo!r} counts {counted} objects on tile {shown.tile}; it has "
            f"{had}",
            at=shown.at,
            because=f"at the end of the run there are {states}: something was released that was "
            "not acquired",
            fix="an acquire for each release, on every way through the core",
            objects=(shown.fifo or shown.name,),
        )
