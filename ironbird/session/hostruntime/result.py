"""What a run through the host runtime gives back."""

from abc import ABC, abstractmethod
from typing import Any

from ironbird.session.result import RunResult


class KernelResult(ABC):
    """The outcome of one run. npu_time: nanoseconds."""

    def __init__(self, npu_time: int, trace_config: Any = None) -> None:
        self._npu_time = npu_time
        self._trace_config = trace_config

    @property
    def npu_time(self) -> int:
        """Nanoseconds; of a simulation they are modelled, not measured."""
        return self._npu_time

    @property
    def trace_config(self) -> Any:
        """What the run was asked to trace, or None."""
        return self._trace_config

    def has_trace(self) -> bool:
        """Whether the run was asked for a trace."""
        return self._trace_config is not None

    @abstractmethod
    def is_success(self) -> bool:
        """Whether the run ended as it should."""


class SimulatedResult(KernelResult):
    """A run of the simulator. `run` has all of it: where, cycles, findings, notes."""

    def __init__(self, run: RunResult, trace_config: Any = None) -> None:
        super().__init__(run.npu_time, trace_config)
        self.run = run

    @property
    def where(self) -> str:
        """What ran it."""
        return self.run.where

    def is_success(self) -> bool:
        """Whether the run met no defect."""
        return self.run.is_success()
