"""A program: a device, the host's sequence and the workers; resolving it makes the module."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Region

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import author_line
from ironbird.ir import aie, verify_module
from ironbird.ir.locations import location_of
from ironbird.iron.buffer import Buffer
from ironbird.iron.device import Device, Tile
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.fifo_emission import emit_fifos, links_of
from ironbird.iron.kernel import ExternalFunction
from ironbird.iron.names import Named, Names
from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.runtime import Runtime
from ironbird.iron.worker import Worker


@dataclass(frozen=True)
class ResolvedProgram:
    """A module, and where the C++ of its kernels comes from.

    search_directories: folders of the author's files, where sources of bare `Kernel`s may lie.
    """

    module: ModuleOp
    kernel_sources: tuple[KernelSource, ...]
    search_directories: tuple[Path, ...]


# What a module that a program handed out has no room for; forgotten with the module.
_KERNELS_OF: WeakKeyDictionary[ModuleOp, tuple[tuple[KernelSource, ...], tuple[Path, ...]]] = (
    WeakKeyDictionary()
)


def resolved_program_of(module: ModuleOp) -> ResolvedProgram:
    """A module with the kernels' sources of the program it came from; with none for another."""
    kernel_sources, search_directories = _KERNELS_OF.get(module, ((), ()))
    return ResolvedProgram(module, kernel_sources, search_directories)


class Program:
    """`Program(device, runtime, workers=[...])`."""

    def __init__(
        self,
        device: Device | None,
        rt: Runtime,
        workers: Sequence[Worker] | None = None,
        *,
        expand_load_pdis: bool | None = None,
    ) -> None:
        self.created_at = author_line()
        if not isinstance(device, Device):
            given = "None" if device is None else type(device).__name__
            raise DesignError(
                f"Program({given}, ...) has no device",
                at=self.created_at,
                fix="Program(NPU1(), runtime, workers=[...])",
            )
        if not isinstance(rt, Runtime):
            raise DesignError(
                f"Program(device, {type(rt).__name__}) has no Runtime",
                at=self.created_at,
                fix="Program(device, Runtime(function, [...]), workers=[...])",
            )
        if expand_load_pdis:
            raise DesignError(
                "Program(expand_load_pdis=True)",
                at=self.created_at,
                because="the simulator runs one configuration of the device",
            )
        self.device = device
        self.runtime = rt
        self.workers = _flat_workers(workers or (), self)

    @classmethod
    def compose(cls, configurations: Any, *, entry: Any, expand_load_pdis: Any = None) -> "Program":
        """Refused: several configurations of the device in one program."""
        raise DesignError(
            "Program.compose()",
            at=author_line(),
            because="the simulator runs one configuration of the device",
            fix="one Program for each configuration, run in turn",
        )

    def enable_trace(self, *args: Any, **options: Any) -> None:
        """Refused: the trace units of the chip are not modelled."""
        raise DesignError(
            "Program.enable_trace()",
            at=author_line(),
            because="the simulator does not model the trace units; it sees every event itself",
            fix="`--trace FILE.json` of the command line",
        )

    def resolve_program(self, device_name: str = "main") -> ModuleOp:
        """The module, verified. `resolved_program_of` finds the kernels' sources again."""
        resolved = self.resolve(device_name)
        _KERNELS_OF[resolved.module] = (resolved.kernel_sources, resolved.search_directories)
        return resolved.module

    def resolve(self, device_name: str = "main") -> ResolvedProgram:
        """The module, verified, and the kernels' sources. Each call builds it anew."""
        self._refuse_shared_tiles()
        known = self._reachable_fifos()
        names = Names([*known, *self._buffers()])
        body = DeviceBody(self.device, names, self.workers)
        for worker in self.workers:
            body.tile(worker.tile, worker.created_at)
        for lock in self.runtime.locks:
            body.lock(lock)
        trace = self.runtime.emit(body)
        for worker in self.workers:
            worker.emit(body)
        fifos = _with_linked([*known, *(handle.fifo for handle in trace.moved)])
        emit_fifos(body, fifos)
        self._emit_wiring(body)
        module = self._module(body, device_name)
        verify_module(module)
        return ResolvedProgram(module, _sources(body), _folders(body))

    def _module(self, body: DeviceBody, device_name: str) -> ModuleOp:
        device = aie.DeviceOp(self.device.name, device_name, Region(Block(body.operations())))
        device.location = location_of(self.created_at)
        module = ModuleOp([device])
        module.location = location_of(self.created_at)
        return module

    def _emit_wiring(self, body: DeviceBody) -> None:
        for worker in self.workers:
            body.wiring += [cascade.operation(body) for cascade in worker.cascades]
        body.tile_dmas += [each.operation(body) for each in self.runtime.tile_dmas]
        for flow in self.runtime.flows:
            body.wiring += flow.operations(body)

    def _arguments(self) -> list[Any]:
        return [
            *(each for worker in self.workers for each in worker.flat_fn_args),
            *self.runtime.flat_fn_args,
        ]

    def _reachable_fifos(self) -> list[ObjectFifo]:
        ends = [each for each in self._arguments() if isinstance(each, ObjectFifoHandle)]
        return _with_linked([end.fifo for end in ends])

    def _buffers(self) -> list[Named]:
        given = [each for each in self._arguments() if isinstance(each, Buffer)]
        moved = [
            bd.buffer
            for program in self.runtime.tile_dmas
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


def _flat_workers(workers: Sequence[Any], program: Program) -> list[Worker]:
    flat: list[Worker] = []
    for worker in workers:
        if isinstance(worker, list | tuple):
            flat += _flat_workers(worker, program)
        elif isinstance(worker, Worker):
            flat.append(worker)
        else:
            raise DesignError(
                f"a {type(worker).__name__} among the workers of a Program",
                at=program.created_at,
                fix="Worker(function, [...])",
            )
    return list(dict.fromkeys(flat))


def _with_linked(fifos: Sequence[ObjectFifo]) -> list[ObjectFifo]:
    """`fifos` and all that links tie to them, each once."""
    found = dict.fromkeys(fifos)
    waiting = list(found)
    while waiting:
        for link in links_of(waiting.pop()):
            fresh = [fifo for fifo in link.fifos if fifo not in found]
            found.update(dict.fromkeys(fresh))
            waiting += fresh
    return list(found)


def _sources(body: DeviceBody) -> tuple[KernelSource, ...]:
    """The sources of the kernels that cores call, one for each object file."""
    by_object: dict[str, ExternalFunction] = {}
    for kernel in body.kernels.values():
        if not isinstance(kernel, ExternalFunction):
            continue
        other = by_object.setdefault(kernel.object_file_name, kernel)
        if other.source != kernel.source:
            raise DesignError(
                f"two sources are compiled into {kernel.object_file_name!r}",
                at=kernel.created_at,
                because=f"{other.name!r} at {other.created_at} has another source",
                fix="object_file_name=",
            )
    return tuple(kernel.source for kernel in by_object.values())


def _folders(body: DeviceBody) -> tuple[Path, ...]:
    files = [kernel.created_at.file for kernel in body.kernels.values()]
    return tuple(dict.fromkeys(Path(file).resolve().parent for file in files))
