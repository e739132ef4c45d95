"""Placers: what programs until March 2026 give to `resolve_program`.

Placement is a pass since; a placer here pins tiles before it, and the pass places the rest.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.device import Device, Tile

if TYPE_CHECKING:
    from ironbird.iron.object_fifo_handle import ObjectFifoHandle
    from ironbird.iron.runtime import Runtime
    from ironbird.iron.worker import Worker


class Placer(ABC):
    """Gives tiles to what has none: `worker.place(tile)`, `endpoint.place(tile)`."""

    @abstractmethod
    def make_placement(
        self,
        device: Device,
        rt: "Runtime",
        workers: "list[Worker]",
        object_fifos: "list[ObjectFifoHandle]",
    ) -> None:
        """Place what is not placed yet; what is left is placed by the pass."""


class SequentialPlacer(Placer):
    """Workers on the core tiles in order, column by column.

    cores_per_col: at most that many workers in a column, of those that are not pinned; None leaves
    it to the pass.
    """

    def __init__(self, cores_per_col: int | None = None) -> None:
        if cores_per_col is not None and cores_per_col < 1:
            raise DesignError(
                f"SequentialPlacer(cores_per_col={cores_per_col})",
                at=author_line(),
                because="a column holds at least one worker",
            )
        self.cores_per_col = cores_per_col

    def make_placement(
        self,
        device: Device,
        rt: "Runtime",
        workers: "list[Worker]",
        object_fifos: "list[ObjectFifoHandle]",
    ) -> None:
        """Pin the workers if `cores_per_col` says how many a column takes."""
        if self.cores_per_col is None:
            return
        free = self._free_tiles(device, workers)
        for worker in workers:
            if worker.tile.col is not None or worker.tile.row is not None:
                continue
            if not free:
                raise DesignError(
                    f"SequentialPlacer(cores_per_col={self.cores_per_col}) has no tile for "
                    f"{worker.endpoint_label}",
                    at=worker.created_at,
                    because=f"{len(workers)} workers, {device.cols} columns",
                    fix="SequentialPlacer(), or more columns",
                )
            worker.place(free.pop(0))

    def _free_tiles(self, device: Device, workers: "list[Worker]") -> list[Tile]:
        pinned = {(worker.tile.col, worker.tile.row) for worker in workers}
        columns: dict[int | None, list[Tile]] = {}
        for tile in device.get_compute_tiles():
            if (tile.col, tile.row) not in pinned:
                columns.setdefault(tile.col, []).append(tile)
        return [tile for column in columns.values() for tile in column[: self.cores_per_col]]
