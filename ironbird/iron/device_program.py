"""One device of a program: its workers and the sequences of its host, as an `aie.device`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.ir import Block, Region

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.buffer import Buffer
from ironbird.iron.device import Device, Tile
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.fifo_emission import emit_fifos, links_of
from ironbird.iron.kernel import BaseKernel
from ironbird.iron.names import Named, Names
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.resolvable import operations_of
from ironbird.iron.runtime import Runtime
from ironbird.iron.trace_request import TraceRequest, emit_traces
from ironbird.iron.worker import Worker


@dataclass(frozen=True)
class DeviceProgram:
    """What stands on one device. at: the author's line that made it."""

    device: Device
    runtimes: Sequence[Runtime]
    workers: Sequence[Worker]
    at: SourceLine

    def emit(
        self, name: str, request: TraceRequest | None
    ) -> tuple[aie.DeviceOp, Sequence[BaseKernel]]:
        """The device called `name`, and the kernels that its cores call. Each call builds anew."""
        self._refuse_shared_tiles()
        known = self.reachable_fifos()
        names = Names([*known, *self._buffers()])
        body = DeviceBody(self.device, names, self.workers)
        body.own_ops += operations_of(self._arguments(), self.device.name, self.at)
        for worker in self.workers:
            body.tile(worker.tile, worker.created_at)
        for runtime in self.runtimes:
            for lock in runtime.locks:
                body.lock(lock)
        traces = [runtime.emit(body) for runtime in self.runtimes]
        for worker in self.workers:
            worker.emit(body)
        moved = [handle.fifo for trace in traces for handle in trace.moved]
        emit_fifos(body, with_linked([*known, *moved]))
        self._emit_wiring(body)
        if request is not None:
            body.traces += emit_traces(request, body, self.workers, body.sequences)
        device = aie.DeviceOp(self.device.name, name, Region(Block(body.operations())))
        device.location = location_of(self.at)
        return device, list(body.kernels.values())

    def reachable_fifos(self) -> list[ObjectFifo]:
        """The fifos of workers and sequences, and what links tie to them."""
        ends = [each for each in self._arguments() if isinstance(each, ObjectFifoHandle)]
        return with_linked([end.fifo for end in ends])

    def _emit_wiring(self, body: DeviceBody) -> None:
        for worker in self.workers:
            body.wiring += [cascade.operation(body) for cascade in worker.cascades]
        for runtime in self.runtimes:
            body.tile_dmas += [each.operation(body) for each in runtime.tile_dmas]
            for flow in runtime.flows:
                body.wiring += flow.operations(body)

    def _arguments(self) -> list[Any]:
        return [
            *(each for worker in self.workers for each in worker.flat_fn_args),
            *(each for runtime in self.runtimes for each in runtime.flat_fn_args),
        ]

    def _buffers(self) -> list[Named]:
        given = [buffer for worker in self.workers for buffer in worker.all_buffers]
        for runtime in self.runtimes:
            given += [each for each in runtime.flat_fn_args if isinstance(each, Buffer)]
        moved = [
            bd.buffer
            for runtime in self.runtimes
            for program in runtime.tile_dmas
            for channel in program.channels
            for bd in channel.bds
        ]
        return list(dict.fromkeys([*given, *moved]))

    def _refuse_shared_tiles(self) -> None:
        taken: dict[Tile | tuple[int | None, int | None], Worker] = {}
        for worker in self.workers:
            tile = worker.tile
            other = taken.setdefault((tile.col, tile.row) if tile.is_pinned else tile, worker)
            if other is not worker:
                raise DesignError(
                    f"Multiple workers cannot share the same tile: {tile!r}",
                    at=worker.created_at,
                    because=f"{other.endpoint_label} made at {other.created_at} stands there",
                )


def flat_workers(workers: Sequence[Any], of: str, at: SourceLine) -> list[Worker]:
    """Workers with nested lists opened, each once; refuses anything else in the name of `of`."""
    flat: list[Worker] = []
    for worker in workers:
        if isinstance(worker, list | tuple):
            flat += flat_workers(worker, of, at)
        elif isinstance(worker, Worker):
            flat.append(worker)
        else:
            raise DesignError(
                f"a {type(worker).__name__} among the workers of a {of}",
                at=at,
                fix="Worker(function, [...])",
            )
    return list(dict.fromkeys(flat))


def with_linked(fifos: Sequence[ObjectFifo]) -> list[ObjectFifo]:
    """`fifos` and all that links tie to them, each once."""
    found = dict.fromkeys(fifos)
    waiting = list(found)
    while waiting:
        for link in links_of(waiting.pop()):
            fresh = [fifo for fifo in link.fifos if fifo not in found]
            found.update(dict.fromkeys(fresh))
            waiting += fresh
    return list(found)
