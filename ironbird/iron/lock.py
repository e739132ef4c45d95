"""A lock placed by hand: a semaphore of a tile that cores and DMA programs take and give."""

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.codes import LockAction
from ironbird.iron.device import Tile, own_tile
from ironbird.iron.device_body import current_core
from ironbird.iron.mlir_types import I32
from ironbird.iron.names import next_serial

MOST_VALUE = 63


class Lock:
    """`Lock(tile, init=1)`; its value is 0 to 63."""

    def __init__(
        self, tile: Tile, lock_id: int | None = None, init: int = 0, name: str | None = None
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        self.tile = own_tile(tile)
        self.lock_id = lock_id
        self.init = init
        self.name = name
        if not 0 <= init <= MOST_VALUE:
            raise DesignError(
                f"Lock(init={init})",
                at=self.created_at,
                because=f"a lock holds 0 to {MOST_VALUE}",
            )

    def acquire(self, value: int = 1) -> None:
        """In core code: wait until the lock has at least `value`, and take that much."""
        self._use(LockAction.ACQUIRE_GREATER_EQUAL, value)

    def acquire_exact(self, value: int) -> None:
        """In core code: wait until the lock has exactly `value`, and take it."""
        self._use(LockAction.ACQUIRE, value)

    def release(self, value: int = 1) -> None:
        """In core code: give `value` back."""
        self._use(LockAction.RELEASE, value)

    def _use(self, action: LockAction, value: int) -> None:
        trace = current_core("a Lock")
        lock = trace.body.lock(self)
        trace.emit(aie.UseLockOp(lock, action, trace.constant(value, I32)))


class Acquire:
    """What a descriptor waits for before it moves: at least `value` of `lock`, or exactly that."""

    def __init__(self, lock: Lock, value: int = 1, greater_equal: bool = True) -> None:
        self.lock = lock
        self.value = value
        self.action = LockAction.ACQUIRE_GREATER_EQUAL if greater_equal else LockAction.ACQUIRE


class Release:
    """What a descriptor gives once it has moved."""

    def __init__(self, lock: Lock, value: int = 1) -> None:
        self.lock = lock
        self.value = value
        self.action = LockAction.RELEASE
