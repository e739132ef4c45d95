"""Locks placed by hand: `lock(tile, init=1)`, and their use by cores and DMA programs."""

from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie, aiex
from ironbird.iron.core_values import ScalarValue, is_number
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import Built, RegionKind, region_of, value_of
from ironbird.iron.dialects.tiles import (
    PlacedTile,
    annotate,
    device_block,
    has_annotation,
)
from ironbird.iron.dialects.words import LockAction
from ironbird.iron.lock import MOST_VALUE
from ironbird.iron.mlir_types import I32


class PlacedLock(Built):
    """A semaphore of a tile; its value is 0 to 63."""

    op: aie.LockOp

    @property
    def sym_name(self) -> str | None:
        """Its name, if it was given one."""
        return None if self.op.sym_name is None else self.op.sym_name.data


@builder
def lock(
    tile: Any,
    *,
    lock_id: int | None = None,
    init: int | None = None,
    sym_name: str | None = None,
    annot: str | None = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedLock:
    """A lock of a tile that starts at `init`, or at 0."""
    trace = region_of("lock", RegionKind.DEVICE)
    if init is not None and not (is_number(init) and 0 <= init <= MOST_VALUE):
        raise DesignError(
            f"lock(init={init!r})", at=author_line(), because=f"a lock holds 0 to {MOST_VALUE}"
        )
    made = aie.LockOp(value_of(tile, "the tile of a lock"), lock_id, init, sym_name)
    annotate(made, annot)
    return PlacedLock(trace.emit(made))


@builder
def use_lock(
    lock: Any,
    action: LockAction | str,
    value: Any = 1,
    acq_en: bool | None = None,
    blocking: Any = None,
    *,
    loc: Any = None,
    ip: Any = None,
) -> aie.UseLockOp:
    """Wait for `value` of a lock and take it, or give `value` back."""
    trace = region_of("use_lock", RegionKind.CORE, RegionKind.DMA, RegionKind.FUNCTION)
    try:
        checked = LockAction(action)
    except ValueError:
        raise DesignError(
            f"use_lock with the action {action!r}",
            at=author_line(),
            because=f"the actions are {', '.join(LockAction)}",
            fix="LockAction.AcquireGreaterEqual",
        ) from None
    count = value.ssa if isinstance(value, ScalarValue) else None
    if count is None:
        if not is_number(value) or not 0 <= value <= MOST_VALUE:
            raise DesignError(
                f"use_lock of {value!r}",
                at=author_line(),
                because=f"a lock holds 0 to {MOST_VALUE}",
            )
        count = trace.constant(int(value), I32)
    made = aie.UseLockOp(value_of(lock, "the lock of use_lock"), checked, count, blocking, acq_en)
    return trace.emit(made)


@builder
def set_lock_value(lock: Any, value: int) -> aiex.SetLockOp:
    """In the sequence: give a lock a value."""
    trace = region_of("set_lock_value", RegionKind.SEQUENCE)
    if not is_number(value) or not 0 <= value <= MOST_VALUE:
        raise DesignError(
            f"set_lock_value of {value!r}",
            at=author_line(),
            because=f"a lock holds 0 to {MOST_VALUE}",
        )
    return trace.emit(aiex.SetLockOp(value_of(lock, "the lock of set_lock_value"), int(value)))


@builder
def find_matching_locks(
    tiles: list[PlacedTile],
    sym_name: str | None = None,
    annot: str | None = None,
    device: Any = None,
) -> list[PlacedLock]:
    """The locks on any of `tiles`, of a name and an annotation where these are given."""
    places = [tile.ssa for tile in tiles]
    found = [
        PlacedLock(op)
        for op in device_block(device, "find_matching_locks")
        if isinstance(op, aie.LockOp)
    ]
    return [
        each
        for each in found
        if each.op.tile in places
        and (sym_name is None or each.sym_name == sym_name)
        and has_annotation(each.op, annot)
    ]
