"""The body of the device while a program is resolved: its tiles, fifos, buffers, locks, kernels.

One operation for each object of the author, made when it is first needed and kept in the section of
the text where upstream prints it. Nothing is stored on the author's objects except their names.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.device import AIETileType, Device, Tile
from ironbird.iron.mlir_types import dense_values, memref_type
from ironbird.iron.names import Names
from ironbird.iron.tracing import Trace, current_trace

if TYPE_CHECKING:
    from ironbird.iron.barrier import WorkerRuntimeBarrier
    from ironbird.iron.buffer import Buffer
    from ironbird.iron.kernel import BaseKernel
    from ironbird.iron.lock import Lock
    from ironbird.iron.object_fifo_handle import ObjectFifoHandle
    from ironbird.iron.worker import Worker


class DeviceBody:
    """Everything one `aie.device` will hold. `names` gives every symbol its name.

    own_ops: what objects of the author's own classes made.
    """

    def __init__(self, device: Device, names: Names, workers: Iterable["Worker"]) -> None:
        self.device = device
        self.names = names
        self.workers = list(workers)
        self.kernels: dict[str, BaseKernel] = {}
        self.own_ops: list[Operation] = []
        self.fifo_ops: list[Operation] = []
        self.cores: list[Operation] = []
        self.wiring: list[Operation] = []
        self.tile_dmas: list[Operation] = []
        self.traces: list[Operation] = []
        self.sequences: list[Operation] = []
        self._tiles: dict[Tile | tuple[int, int], aie.LogicalTileOp] = {}
        self._buffers: dict[Buffer, aie.BufferOp] = {}
        self._locks: dict[Lock, aie.LockOp] = {}
        self._barriers: dict[tuple[WorkerRuntimeBarrier, Worker], aie.LockOp] = {}
        self._functions: dict[str, FuncOp] = {}

    def tile(self, tile: Tile, at: SourceLine) -> SSAValue:
        """The tile as a value; tiles pinned to one place share one operation."""
        place = (tile.col, tile.row)
        key = tile if place[0] is None or place[1] is None else (place[0], place[1])
        made = self._tiles.get(key)
        if made is None:
            self._refuse_outside(tile, at)
            kind = tile.tile_type if tile.tile_type is not None else AIETileType.CoreTile
            made = aie.LogicalTileOp(kind, tile.col, tile.row, tile.allocation_scheme)
            made.location = location_of(at)
            self._tiles[key] = made
        return made.results[0]

    @property
    def logical_tiles(self) -> list[aie.LogicalTileOp]:
        """The tiles named so far."""
        return list(self._tiles.values())

    def buffer(self, buffer: "Buffer") -> SSAValue:
        """The buffer as a value."""
        made = self._buffers.get(buffer)
        if made is None:
            made = aie.BufferOp(
                self.tile(buffer.placed_tile(), buffer.created_at),
                memref_type(buffer.array),
                self.names.of(buffer),
                initial_value=None
                if buffer.initial_value is None
                else dense_values(buffer.initial_value, buffer.array.element, as_tensor=True),
            )
            made.location = location_of(buffer.created_at)
            self._buffers[buffer] = made
        return made.results[0]

    def lock(self, lock: "Lock") -> SSAValue:
        """A lock that the author placed, as a value."""
        made = self._locks.get(lock)
        if made is None:
            tile = self.tile(lock.tile, lock.created_at)
            made = aie.LockOp(tile, lock.lock_id, lock.init, lock.name)
            made.location = location_of(lock.created_at)
            self._locks[lock] = made
        return made.results[0]

    def barrier_lock(self, barrier: "WorkerRuntimeBarrier", worker: "Worker") -> SSAValue:
        """The lock on which `worker` waits for `barrier`."""
        made = self._barriers.get((barrier, worker))
        if made is None:
            # A lock starts at 0 unless told otherwise, so only another value is written.
            made = aie.LockOp(
                self.tile(worker.tile, worker.created_at), None, barrier.initial_value or None, None
            )
            made.location = location_of(barrier.created_at)
            self._barriers[barrier, worker] = made
        return made.results[0]

    def function(self, name: str) -> FuncOp | None:
        """The function of a kernel that some core has called."""
        return self._functions.get(name)

    def declare(self, kernel: "BaseKernel", at: SourceLine, function: FuncOp) -> None:
        """Keep a kernel's function, once. Refuses two different kernels of one name."""
        known = self.kernels.setdefault(kernel.name, kernel)
        if known is not kernel and not known.same_function(kernel):
            raise DesignError(
                f"two kernels are called {kernel.name!r}",
                at=at,
                because=f"{known.signature()} at {known.created_at} and "
                f"{kernel.signature()} at {kernel.created_at} differ",
                fix="one name for each function",
            )
        self._functions.setdefault(kernel.name, function)

    def operations(self) -> list[Operation]:
        """Everything, in the order of the text."""
        return [
            *self._tiles.values(),
            *self.own_ops,
            *self.fifo_ops,
            *self._buffers.values(),
            *self._locks.values(),
            *self._barriers.values(),
            *self._functions.values(),
            *self.cores,
            *self.wiring,
            *self.tile_dmas,
            *self.traces,
            *self.sequences,
        ]

    def _refuse_outside(self, tile: Tile, at: SourceLine) -> None:
        for number, count, axis in (
            (tile.col, self.device.cols, "columns"),
            (tile.row, self.device.rows, "rows"),
        ):
            if number is not None and not 0 <= number < count:
                raise DesignError(
                    f"{tile!r} is outside {self.device.name}",
                    at=at,
                    because=f"it has {axis} 0 to {count - 1}",
                )


class CoreTrace(Trace):
    """The core function of one worker being traced; `acquired` are the fifo ends it has used."""

    def __init__(self, block: Block, body: DeviceBody, worker: "Worker") -> None:
        super().__init__(block, f"the core function {worker.core_name!r}", worker.created_at)
        self.body = body
        self.worker = worker
        self.acquired: set[ObjectFifoHandle] = set()


def current_core(what: str) -> CoreTrace:
    """The core being traced; refuses `what` anywhere else."""
    trace = current_trace(what)
    if isinstance(trace, CoreTrace):
        return trace
    from ironbird.base.source_line import author_line

    raise DesignError(
        f"{what} in {trace.what}",
        at=author_line(),
        because="the sequence runs on the host, which has no cores' memory",
        fix="move it into the function of a Worker",
    )
