"""A program: a device, the host's sequence and the workers; resolving it makes the module."""

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import verify_module
from ironbird.ir.integers import i32
from ironbird.ir.locations import location_of
from ironbird.iron.configuration import DeviceConfiguration
from ironbird.iron.device import Device
from ironbird.iron.device_program import DeviceProgram, flat_workers
from ironbird.iron.dialects.module import Module
from ironbird.iron.placers import Placer
from ironbird.iron.resolved_program import (
    ResolvedProgram,
    remember_kernels,
    resolved_program_of,
)
from ironbird.iron.runtime import Runtime
from ironbird.iron.trace_events import TraceMode
from ironbird.iron.trace_request import TraceRequest, trace_request
from ironbird.iron.worker import Worker


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
                because="it has one configuration, which nothing loads",
                fix="Program.compose([...], entry=runtime, expand_load_pdis=True)",
            )
        self.configurations: list[DeviceConfiguration] = []
        self.device = device
        self.runtime = rt
        self.trace_request: TraceRequest | None = None
        self._given_workers = flat_workers(workers or (), "Program", self.created_at)

    @property
    def workers(self) -> list[Worker]:
        """The workers given here, and those that `rt.start` was given."""
        return list(dict.fromkeys([*self._given_workers, *self.runtime.workers]))

    @classmethod
    def compose(
        cls,
        configurations: Sequence[DeviceConfiguration],
        *,
        entry: Runtime,
        expand_load_pdis: bool | None = None,
    ) -> "Program":
        """A program whose sequence `entry` loads these configurations and calls their sequences."""
        at = author_line()
        for each in configurations:
            if not isinstance(each, DeviceConfiguration):
                raise DesignError(
                    f"Program.compose() of a {type(each).__name__}",
                    at=at,
                    fix="DeviceConfiguration(name, device, workers=[...], runtimes=[...])",
                )
        named = {each.name: each for each in configurations}
        if len(named) < len(configurations) or not configurations:
            raise DesignError(
                f"Program.compose() of {len(configurations)} configurations",
                at=at,
                because=f"their names are {', '.join(each.name for each in configurations)}"
                if configurations
                else "there is nothing to load",
                fix="at least one, and a name for each",
            )
        program = cls(configurations[0].device, entry)
        program.created_at = at
        program.configurations = list(configurations)
        entry.expand_load_pdis = expand_load_pdis
        return program

    def enable_trace(
        self,
        trace_size: int | None = None,
        workers: Sequence[Worker] | None = None,
        reuse_output_buffer: bool = False,
        coretile_events: Sequence[Any] | None = None,
        coremem_events: Sequence[Any] | None = None,
        memtile_events: Sequence[Any] | None = None,
        shimtile_events: Sequence[Any] | None = None,
        egress_shim_col: int = 0,
        core_trace_mode: TraceMode = TraceMode.EventTime,
    ) -> None:
        """Record events while the program runs; `TraceRequest` says what the arguments mean."""
        self.trace_request = trace_request(
            trace_size,
            workers,
            reuse_output_buffer,
            coretile_events,
            coremem_events,
            memtile_events,
            shimtile_events,
            egress_shim_col,
            core_trace_mode,
        )

    def resolve_program(
        self,
        device_name: "str | Placer | None" = "main",
        placer: "Placer | str | None" = None,
    ) -> ModuleOp:
        """The module, verified. `resolved_program_of` finds the kernels' sources again.

        Until March 2026 the placer came first and the name second; either order is taken.
        """
        names = [given for given in (placer, device_name) if isinstance(given, str)]
        placers = [given for given in (device_name, placer) if isinstance(given, Placer)]
        for each in placers:
            fifos = self._device_program.reachable_fifos()
            handles = [handle for fifo in fifos for handle in fifo.ends]
            each.make_placement(self.device, self.runtime, self.workers, handles)
        resolved = self.resolve(names[0] if names else "main")
        return resolved.module

    def resolve(self, device_name: str = "main") -> ResolvedProgram:
        """The module, verified, and the kernels' sources. Each call builds it anew."""
        request = self.trace_request
        if request is None and self.runtime.trace_options is not None:
            request = trace_request(**self.runtime.trace_options)
        made = [each.program.emit(each.name, each.trace_request) for each in self.configurations]
        made.append(self._device_program.emit(device_name, request))
        module = Module([device for device, _ in made])
        module.location = location_of(self.created_at)
        if self.configurations:
            module.attributes["iron.entry"] = StringAttr(device_name)
            module.attributes["iron.configuration_count"] = IntegerAttr(
                len(self.configurations), i32
            )
        verify_module(module)
        remember_kernels(module, [kernel for _, kernels in made for kernel in kernels])
        return resolved_program_of(module)

    @property
    def _device_program(self) -> DeviceProgram:
        return DeviceProgram(self.device, [self.runtime], self.workers, self.created_at)
