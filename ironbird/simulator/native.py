"""A built design in this process: `load` once, `run` as often as wanted without a subprocess."""

import ctypes
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from ironbird.plan.plan import PhysicalPlan
from ironbird.simulator import timing
from ironbird.simulator.findings import explain
from ironbird.simulator.kernel_library import load_frames, load_kernels
from ironbird.simulator.machine import machine_of
from ironbird.simulator.options import SimulationOptions
from ironbird.simulator.records import (
    AgentRecord,
    FindingRecord,
    RecordKind,
    RunRecord,
    WaitKind,
    traced_kinds,
)
from ironbird.simulator.result import SimulationResult

DESIGN_FILE = "design.so"

_int32, _int64 = ctypes.c_int32, ctypes.c_int64


class _Request(ctypes.Structure):
    _fields_ = [
        ("arguments", ctypes.c_void_p),
        ("kernel_functions", ctypes.c_void_p),
        ("binders", ctypes.c_void_p),
        ("scratch_functions", ctypes.c_void_p),
        ("scratch_binder", ctypes.c_void_p),
        ("scratch_clearer", ctypes.c_void_p),
        ("seed", ctypes.c_uint64),
        ("has_seed", _int32),
        ("poison", _int32),
        ("red_zones", _int32),
        ("races", _int32),
        ("traced_kinds", _int32),
        ("threads", _int32),
        ("compiler_class", _int32),
        ("cycle_limit", _int64),
    ]


class _Finding(ctypes.Structure):
    _fields_ = [
        *(
            (name, _int32)
            for name in ["kind", "agent", "site", "object", "other_agent", "other_site", "detail"]
        ),
        ("count", _int64),
        ("first", _int64),
    ]


class _Agent(ctypes.Structure):
    _fields_ = [
        *((name, _int32) for name in ["wait", "object", "count", "site"]),
        ("bytes_left", _int64),
        ("task", _int32),
        ("queued", _int32),
    ]


class _Trace(ctypes.Structure):
    _fields_ = [
        *((name, _int32) for name in ["agent", "kind", "object"]),
        ("start", _int64),
        ("end", _int64),
    ]


class _Report(ctypes.Structure):
    _fields_ = [
        ("finished", _int32),
        ("rested", _int32),
        ("cycles", _int64),
        ("events", _int64),
        ("finding_count", _int32),
        ("findings", ctypes.POINTER(_Finding)),
        ("agent_count", _int32),
        ("agents", ctypes.POINTER(_Agent)),
        ("lock_count", _int32),
        ("locks", ctypes.POINTER(_int32)),
        ("kernel_count", _int32),
        ("kernel_calls", ctypes.POINTER(_int64)),
        ("kernel_cycles", ctypes.POINTER(_int64)),
        ("trace_count", _int64),
        ("trace", ctypes.POINTER(_Trace)),
    ]


class Executable:
    """A design ready to run. Not for several threads at once: its kernels have state."""

    def __init__(self, directory: Path, plan: PhysicalPlan) -> None:
        self.plan = plan
        self.machine = machine_of(plan)
        self.stack_frames = load_frames(directory, plan)
        self._library = ctypes.CDLL(str(directory / DESIGN_FILE))
        self._kernels = load_kernels(directory, plan)
        functions = [address for core in self._kernels.cores for address in core.functions]
        self._kernel_functions = _addresses(functions)
        self._binders = _addresses([core.binder for core in self._kernels.cores])
        self._scratch_functions = _addresses(self._kernels.counting.functions)

    def run(
        self, arguments: Sequence[npt.NDArray[np.generic]], options: SimulationOptions
    ) -> SimulationResult:
        """Run once on `arguments`, C-contiguous arrays in the order of the sequence.

        Arrays that the design writes are written in place, as far as the run gets.
        Raises UsageError if an array does not fit its argument.
        """
        check_arguments(self.plan, arguments)
        begun = time.perf_counter()
        report = _Report()
        pointers = _addresses([array.ctypes.data for array in arguments])
        request = self._request(pointers, options)
        self._library.ironbird_run(ctypes.byref(request), ctypes.byref(report))
        seconds = time.perf_counter() - begun
        record = _record_of(report)
        self._library.ironbird_release(ctypes.byref(report))
        return explain(self.machine, record, self.stack_frames, seconds)

    def _request(
        self, pointers: "ctypes.Array[ctypes.c_void_p]", options: SimulationOptions
    ) -> _Request:
        counting = self._kernels.counting
        return _Request(
            arguments=ctypes.addressof(pointers),
            kernel_functions=ctypes.addressof(self._kernel_functions),
            binders=ctypes.addressof(self._binders),
            scratch_functions=ctypes.addressof(self._scratch_functions),
            scratch_binder=counting.binder or None,
            scratch_clearer=counting.clearer or None,
            seed=options.schedule_seed or 0,
            has_seed=options.schedule_seed is not None,
            poison=options.unwritten_memory,
            red_zones=options.writes_past_buffers,
            races=options.unordered_accesses,
            traced_kinds=traced_kinds(self.plan.traces is not None, timeline=options.trace),
            threads=options.threads,
            compiler_class=list(timing.COMPILER_CLASSES).index(options.compiler_class),
            cycle_limit=options.cycle_limit,
        )


def load(directory: Path, plan: PhysicalPlan) -> Executable:
    """The design that `build` left in `directory`."""
    return Executable(directory, plan)


def check_arguments(plan: PhysicalPlan, arguments: Sequence[npt.NDArray[np.generic]]) -> None:
    """Raise UsageError unless there is one array for each argument, of its size, in C order."""
    expected = plan.sequence.arguments
    if len(arguments) != len(expected):
        raise UsageError(
            f"the design takes {len(expected)} tensors, not {len(arguments)}", at=plan.sequence.at
        )
    for number, (array, argument) in enumerate(zip(arguments, expected, strict=True)):
        byte_count = int(np.prod(argument.shape, dtype=np.int64)) * argument.element.bytes
        name = f"argument {number}" + (f" ({argument.name})" if argument.name is not None else "")
        if array.nbytes != byte_count:
            raise UsageError(
                f"{name} has {array.nbytes} bytes", because=f"the design moves {byte_count}"
            )
        if not array.flags.c_contiguous:
            raise UsageError(f"{name} is not contiguous in C order", fix="numpy.ascontiguousarray")
        if argument.written and not array.flags.writeable:
            raise UsageError(f"{name} is read-only, and the design writes it")


def _addresses(values: Sequence[int]) -> "ctypes.Array[ctypes.c_void_p]":
    return (ctypes.c_void_p * max(len(values), 1))(*values)


def _record_of(report: _Report) -> RunRecord:
    findings = tuple(
        FindingRecord(
            kind=RecordKind(each.kind),
            **{
                name: getattr(each, name)
                for name in [
                    "agent",
                    "site",
                    "object",
                    "other_agent",
                    "other_site",
                    "detail",
                    "count",
                    "first",
                ]
            },
        )
        for each in report.findings[: report.finding_count]
    )
    agents = tuple(
        AgentRecord(
            wait=WaitKind(each.wait),
            **{
                name: getattr(each, name)
                for name in ["object", "count", "site", "bytes_left", "task", "queued"]
            },
        )
        for each in report.agents[: report.agent_count]
    )
    trace = tuple(
        (each.agent, each.kind, each.object, each.start, each.end)
        for each in report.trace[: report.trace_count]
    )
    return RunRecord(
        finished=bool(report.finished),
        rested=bool(report.rested),
        cycles=report.cycles,
        events=report.events,
        findings=findings,
        agents=agents,
        lock_values=tuple(report.locks[: report.lock_count]),
        kernel_calls=tuple(report.kernel_calls[: report.kernel_count]),
        kernel_cycles=tuple(report.kernel_cycles[: report.kernel_count]),
        trace=trace,
    )
