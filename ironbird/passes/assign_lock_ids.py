"""Number the locks of each tile."""

from dataclasses import dataclass
from typing import ClassVar

from ironbird.base.device import DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, LockOp, tile_of
from ironbird.ir.integers import as_i32, number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class AssignLockIds(ModulePass):
    """Give every `aie.lock` of a tile its own id, in the order of the text.

    Before:  `lockID` is absent, or set by hand and unique within its tile.
    After:   every `lockID` is set; 0 <= id < lock_count; none repeats in a tile.
    Refuses: a tile with more locks than it has room for, and one id for two locks.
    """

    name: ClassVar[str] = "assign-lock-ids"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        locks_of: dict[Tile, list[LockOp]] = {}
        for op in device.body.block.ops:
            place = tile_of(op.tile) if isinstance(op, LockOp) else None
            if isinstance(op, LockOp) and place is not None:
                locks_of.setdefault(place, []).append(op)
        for place, locks in locks_of.items():
            _number(place, locks, model)


def _number(place: Tile, locks: list[LockOp], model: DeviceModel) -> None:
    count = model.model(place).lock_count
    taken: dict[int, LockOp] = {}
    for lock in locks:
        if lock.lock_id is None:
            continue
        lock_id = number_of(lock.lock_id)
        if not 0 <= lock_id < count:
            raise DesignError(
                f"Lock {_shown(lock)} has id {lock_id}",
                at=source_line_of(lock),
                because=f"tile {place} has locks 0..{count - 1}",
            )
        if lock_id in taken:
            raise DesignError(
                f"Lock {_shown(lock)} of tile {place} has id {lock_id}",
                at=source_line_of(lock),
                because=f"lock {_shown(taken[lock_id])} at "
                f"{source_line_of(taken[lock_id])} has it already",
                fix="leave one id out to have it chosen",
            )
        taken[lock_id] = lock
    free = iter(lock_id for lock_id in range(count) if lock_id not in taken)
    for lock in locks:
        if lock.lock_id is not None:
            continue
        lock_id = next(free, -1)
        if lock_id < 0:
            raise _too_many(place, locks, count)
        lock.properties["lockID"] = as_i32(lock_id)  # type: ignore[assignment]


def _too_many(place: Tile, locks: list[LockOp], count: int) -> DesignError:
    users: dict[str, int] = {}
    for lock in locks:
        users[_user(lock)] = users.get(_user(lock), 0) + 1
    listed = ", ".join(f"{user} {number}" for user, number in users.items())
    return DesignError(
        f"Tile {place} has too few locks",
        at=source_line_of(locks[count]),
        because=f"{len(locks)} are needed ({listed}); the tile has {count}",
        fix="fewer fifos at this tile; each takes two locks per part",
    )


def _user(lock: LockOp) -> str:
    """Whom the lock serves, in the author's words."""
    name = name_of_location(lock)
    if name is not None:
        return f"ObjectFifo {name.partition(':')[0]!r}"
    return f"lock {_shown(lock)}"


def _shown(lock: LockOp) -> str:
    return repr(lock.sym_name.data) if lock.sym_name is not None else "without a name"
