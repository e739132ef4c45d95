"""Several configurations of the device in one program, loaded in turn by an entry sequence.

scale = DeviceConfiguration("scale", NPU1(), workers=[...], runtimes=[scale_runtime])
def entry(x, y):
    with scale.configure():
        scale_runtime.call(x, y)
Program.compose([scale, ...], entry=Runtime(entry, [tensor, tensor]))
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import verify_module
from ironbird.ir.aiex import ConfigureOp
from ironbird.iron.device import Device
from ironbird.iron.device_program import DeviceProgram, flat_workers
from ironbird.iron.dialects.module import Module
from ironbird.iron.flows import Flow, PacketFlow
from ironbird.iron.lock import Lock
from ironbird.iron.resolved_program import remember_kernels
from ironbird.iron.runtime import Runtime
from ironbird.iron.sequence_trace import current_sequence
from ironbird.iron.tile_dma import TileDma
from ironbird.iron.trace_request import TraceRequest, trace_request


class DeviceConfiguration:
    """What the whole device holds while it is configured as `name`, and sequences that run on it.

    A Runtime that stands in `runtimes` is called from an entry sequence: `runtime.call(x, y)`.
    """

    def __init__(
        self,
        name: str,
        device: Device,
        *,
        workers: Sequence[Any] = (),
        runtimes: Sequence[Runtime] = (),
    ) -> None:
        self.created_at = author_line()
        if not isinstance(device, Device):
            raise DesignError(
                f"DeviceConfiguration({name!r}, {type(device).__name__}) has no device",
                at=self.created_at,
                fix=f"DeviceConfiguration({name!r}, NPU1(), ...)",
            )
        self.name = name
        self.device = device
        self.workers = flat_workers(workers, "DeviceConfiguration", self.created_at)
        self.runtimes = list(runtimes)
        self.trace_request: TraceRequest | None = None
        self._refuse_unclear_runtimes()
        for runtime in self.runtimes:
            runtime.configuration = self

    @property
    def flows(self) -> list[Flow | PacketFlow]:
        """The flows placed by hand."""
        return [flow for runtime in self.runtimes for flow in runtime.flows]

    @property
    def locks(self) -> list[Lock]:
        """The locks placed by hand."""
        return [lock for runtime in self.runtimes for lock in runtime.locks]

    @property
    def tile_dmas(self) -> list[TileDma]:
        """The DMA programs written by hand."""
        return [each for runtime in self.runtimes for each in runtime.tile_dmas]

    def add_flow(self, flow: Flow | PacketFlow) -> None:
        """Add a flow placed by hand."""
        self._first_runtime("add_flow").add_flow(flow)

    def add_lock(self, lock: Lock) -> None:
        """Add a lock placed by hand."""
        self._first_runtime("add_lock").add_lock(lock)

    def add_tile_dma(self, tile_dma: TileDma) -> None:
        """Add a DMA program written by hand."""
        self._first_runtime("add_tile_dma").add_tile_dma(tile_dma)

    def enable_trace(self, *args: Any, **options: Any) -> None:
        """Record events while this configuration runs; arguments as of `Program.enable_trace`."""
        self.trace_request = trace_request(*args, **options)

    @contextmanager
    def configure(self, expand_mode: int | None = None) -> Iterator[None]:
        """In an entry sequence: load this configuration; what stands inside runs on it."""
        trace = current_sequence(f"configuration {self.name!r}")
        if trace.configuration is not None:
            raise DesignError(
                f"configuration {self.name!r} inside configuration {trace.configuration.name!r}",
                at=author_line(),
                because="the whole device is configured at once",
                fix="one behind the other",
            )
        made = trace.emit(ConfigureOp(self.name))
        if trace.expand_mode is not None:
            made.expand_mode = trace.expand_mode
        opened = trace.open(made.body.block, f"configuration {self.name!r}")
        trace.configuration = self
        yield
        trace.configuration = None
        trace.expect_innermost(opened)
        trace.close(opened)

    def resolve(self) -> ModuleOp:
        """This configuration alone, as a module of one device."""
        device, kernels = self.program.emit(self.name, self.trace_request)
        module = Module([device])
        module.location = device.location
        verify_module(module)
        remember_kernels(module, kernels)
        return module

    @property
    def program(self) -> DeviceProgram:
        """What stands on the device."""
        started = [worker for runtime in self.runtimes for worker in runtime.workers]
        workers = list(dict.fromkeys([*self.workers, *started]))
        return DeviceProgram(self.device, self.runtimes, workers, self.created_at)

    def _first_runtime(self, what: str) -> Runtime:
        if self.runtimes:
            return self.runtimes[0]
        raise DesignError(
            f"DeviceConfiguration.{what}() without a Runtime",
            at=author_line(),
            because=f"{self.name!r} has no sequence that could be run",
            fix="runtimes=[Runtime(function, [...])]",
        )

    def _refuse_unclear_runtimes(self) -> None:
        named: dict[str, Runtime] = {}
        for runtime in self.runtimes:
            other = named.setdefault(runtime.symbol, runtime)
            if other is not runtime:
                raise DesignError(
                    f"two sequences of configuration {self.name!r} are called {runtime.symbol!r}",
                    at=runtime.created_at,
                    because=f"the other was made at {other.created_at}",
                    fix="Runtime(function, [...], name=...)",
                )
