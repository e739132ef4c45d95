"""Rules of locks: ids, values, who may use them."""

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, LockOp, UseLockOp
from ironbird.ir.aiex import SetLockOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_sequence.sequences import sequence_ops
from ironbird.passes.verify_physical.subjects import (
    constant,
    cores,
    descriptors,
    lock_name,
    locks,
    place,
)


def lock_ids_exist_once(device: DeviceOp, model: DeviceModel) -> None:
    """A lock has an id that its tile has, and that no other lock of the tile has."""
    holders: dict[tuple[Tile, int], LockOp] = {}
    for op in locks(device):
        tile = place(op.tile, op)
        count = model.model(tile).lock_count
        if op.lock_id is None:
            raise DesignError(
                f"{lock_name(op)} of tile {tile} has no id",
                at=source_line_of(op),
                fix="the pass assign-lock-ids",
            )
        lock_id = number_of(op.lock_id)
        if not 0 <= lock_id < count:
            raise DesignError(
                f"{lock_name(op)} of tile {tile} has id {lock_id}",
                at=source_line_of(op),
                because=f"the tile has locks 0..{count - 1}",
            )
        other = holders.setdefault((tile, lock_id), op)
        if other is not op:
            raise DesignError(
                f"{lock_name(op)} and {lock_name(other)} are both lock {lock_id} of tile {tile}",
                at=source_line_of(op),
                fix="no ids by hand: free ones are found",
            )


def lock_values_fit(device: DeviceOp, model: DeviceModel) -> None:
    """A lock starts at, and is set to, a value it can hold."""
    for op in locks(device):
        limit = model.model(place(op.tile, op)).max_lock_value
        value = number_of(op.init) if op.init is not None else 0
        if not 0 <= value <= limit:
            raise DesignError(
                f"{lock_name(op)} starts at {value}",
                at=source_line_of(op),
                because=f"a lock holds 0..{limit}",
            )
    for setting in sequence_ops(device, SetLockOp):
        lock = _lock(setting)
        limit = model.model(place(lock.tile, lock)).max_lock_value
        value = number_of(setting.value)
        if not 0 <= value <= limit:
            raise DesignError(
                f"the sequence sets {lock_name(lock)} to {value}",
                at=source_line_of(setting),
                because=f"a lock holds 0..{limit}",
            )


def lock_counts_fit(device: DeviceOp, model: DeviceModel) -> None:
    """What is acquired or released at once is a value that a lock can hold."""
    for op in device.walk():
        if not isinstance(op, UseLockOp):
            continue
        count = constant(op.value)
        lock = _lock(op)
        limit = model.model(place(lock.tile, lock)).max_lock_value
        if count is not None and not 0 <= count <= limit:
            raise DesignError(
                f"{lock_name(lock)} is used with a count of {count}",
                at=source_line_of(op),
                because=f"a lock holds 0..{limit}",
            )


def descriptors_use_locks_in_reach(device: DeviceOp, model: DeviceModel) -> None:
    """A DMA uses locks of its own tile; a memory tile's also those of its neighbours.

    Source: mlir-aie AIEDialect.cpp and AIETargetModel.cpp (lock id blocks).
    """
    for subject in descriptors(device):
        for op in subject.block.ops:
            if not isinstance(op, UseLockOp):
                continue
            lock = _lock(op)
            owner = place(lock.tile, lock)
            if owner != subject.tile and owner not in memory_tiles_beside(subject.tile, model):
                raise DesignError(
                    f"{subject.name} uses {lock_name(lock)} of tile {owner}",
                    at=source_line_of(op),
                    because="a DMA reaches the locks of its own tile"
                    + _or_neighbours(subject.tile, model),
                )


def descriptors_use_one_lock_each_way(device: DeviceOp, model: DeviceModel) -> None:
    """A descriptor acquires at most once, before, and releases at most once, after."""
    for subject in descriptors(device):
        uses = [op for op in subject.block.ops if isinstance(op, UseLockOp)]
        releases = [op for op in uses if op.lock_action == "Release"]
        acquires = [op for op in uses if op.lock_action != "Release"]
        for kind, found in (("acquires", acquires), ("releases", releases)):
            if len(found) > 1:
                raise DesignError(
                    f"{subject.name} {kind} {len(found)} times",
                    at=source_line_of(found[1]),
                    because="a descriptor has one field for each",
                )


def cores_use_locks_in_reach(device: DeviceOp, model: DeviceModel) -> None:
    """A core uses the locks of the tiles whose memory it reaches."""
    for core in cores(device):
        tile = place(core.tile, core)
        reached = model.memories_reached_by(tile)
        for op in core.walk():
            if not isinstance(op, UseLockOp):
                continue
            lock = _lock(op)
            owner = place(lock.tile, lock)
            if owner not in reached:
                raise DesignError(
                    f"the core on tile {tile} uses {lock_name(lock)} of tile {owner}",
                    at=source_line_of(op),
                    because=f"it reaches {', '.join(str(each) for each in reached)}",
                )


def memory_tiles_beside(tile: Tile, model: DeviceModel) -> list[Tile]:
    """The memory tiles west and east of the memory tile `tile`; none for other tiles."""
    if model.kind(tile) is not TileKind.MEMORY:
        return []
    columns = (tile.column - 1, tile.column + 1)
    return [Tile(column, tile.row) for column in columns if 0 <= column < model.columns]


def _or_neighbours(tile: Tile, model: DeviceModel) -> str:
    beside = memory_tiles_beside(tile, model)
    return f" and of {', '.join(str(each) for each in beside)}" if beside else ""


def _lock(op: UseLockOp | SetLockOp) -> LockOp:
    owner = op.lock.owner
    if not isinstance(owner, LockOp):
        raise DesignError(
            f"{op.name} works on a lock that is passed to it",
            at=source_line_of(op),
            because="which lock it is has to be known before the run",
            fix="the aie.lock of the device by its own name",
        )
    return owner
