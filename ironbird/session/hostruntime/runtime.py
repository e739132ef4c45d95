"""Loads compiled designs and runs them: upstream's `HostRuntime` over the simulator.

`run_test` is what test programs end with: run, compare with references, print, give an exit code.
Refuses what only a driver has, such as instructions in a file.
"""

import functools
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.iron.device import Device, get_current_device
from ironbird.iron.verify import compare
from ironbird.session.compile import Executable
from ironbird.session.hostruntime.kernel import NPUKernel
from ironbird.session.hostruntime.result import KernelResult, SimulatedResult
from ironbird.session.run import run
from ironbird.session.trace_reading.config import TraceConfig
from ironbird.session.trace_reading.host import (
    extract_trace_from_args,
    keep_trace,
    prepare_args_for_trace,
    process_trace,
)


class HostRuntimeError(Exception):
    """What upstream raises for a failed run; a simulated run raises `RunFailed`, with findings."""


class KernelHandle:
    """A loaded design."""


@dataclass(frozen=True)
class SimulatedHandle(KernelHandle):
    """A loaded design of the simulator."""

    executable: Executable

    def invalidate(self) -> None:
        """Nothing of a device is held, so there is nothing to let go."""


class HostRuntime(ABC):
    """What a runtime offers."""

    @abstractmethod
    def load(self, npu_kernel: NPUKernel, **kwargs: Any) -> KernelHandle:
        """Get a design ready."""

    @abstractmethod
    def run(
        self,
        kernel_handle: Any,
        *args: Any,
        trace_config: TraceConfig | None = None,
        only_if_loaded: bool = False,
        **kwargs: Any,
    ) -> KernelResult:
        """Run it once on tensors."""

    def check_device_consistency(self) -> None:
        """Raise HostRuntimeError if programs build for another device than this runs."""
        built_for = get_current_device().name
        if self.device().name != built_for:
            raise HostRuntimeError(f"the runtime runs {self.device().name}, not {built_for}")

    @abstractmethod
    def device(self) -> Device:
        """What it runs on."""

    def load_and_run(
        self, npu_kernel: NPUKernel, run_args: Sequence[Any], **kwargs: Any
    ) -> tuple[KernelHandle, KernelResult]:
        """Both at once."""
        kwargs.setdefault("trace_config", npu_kernel.trace_config)
        handle = self.load(npu_kernel)
        return handle, self.run(handle, list(run_args), **kwargs)

    @classmethod
    def prepare_args_for_trace(cls, args: list[Any], trace_config: TraceConfig) -> list[Any]:
        """The tensors with room for a trace."""
        return prepare_args_for_trace(args, trace_config)

    @classmethod
    def extract_trace_from_args(
        cls, args: list[Any], trace_config: TraceConfig
    ) -> tuple[Any, Any | None]:
        """The trace, taken out of the tensors; and None, for answers to control packets."""
        return extract_trace_from_args(args, trace_config)

    @classmethod
    def process_trace(
        cls, trace_buffer: Any, ctrl_buffer: Any, trace_config: TraceConfig, verbosity: int = 0
    ) -> None:
        """Write a trace to its file."""
        process_trace(trace_buffer, ctrl_buffer, trace_config, verbosity)

    @classmethod
    def read_insts(cls, insts_path: str | Path) -> NoReturn:
        """Refused: there are no instructions."""
        raise UsageError(
            f"{insts_path} holds no instructions",
            at=author_line(),
            because="the simulator runs the design's sequence from the design's own file",
        )

    read_insts_binary = read_insts

    @classmethod
    def verify_results(
        cls, io_args: Sequence[Any], refs: Mapping[int, Any] | None = None, verbosity: int = 0
    ) -> int:
        """How many elements differ from the references, by the number of the tensor."""
        mismatches = 0
        for number, reference in (refs or {}).items():
            found, expected = np.asarray(io_args[number]), np.asarray(reference)
            verdict = compare(found.reshape(expected.shape), expected)
            mismatches += 0 if verdict else max(1, verdict.mismatch_count)
            if verbosity or not verdict:
                print(f"tensor {number}: {verdict}")
        return mismatches

    def run_test(
        self,
        npu_kernel: NPUKernel,
        io_args: Sequence[Any],
        ref: Mapping[int, Any],
        verify: bool = True,
        verbosity: int = 0,
    ) -> int:
        """Run and compare; 0 if everything agrees, else 1."""
        _, result = self.load_and_run(npu_kernel, list(io_args))
        if verbosity:
            print(f"npu_time: {result.npu_time / 1000:.1f} us (modelled, not measured)")
        if verify and self.verify_results(io_args, ref, verbosity):
            return 1
        return 0 if result.is_success() else 1


class SimulatedRuntime(HostRuntime):
    """The runtime of this machine."""

    def load(self, npu_kernel: NPUKernel, retry: bool = True, **kwargs: Any) -> SimulatedHandle:
        """Read and build the design. Raises UsageError for a foreign file."""
        return SimulatedHandle(npu_kernel.executable())

    def run(
        self,
        kernel_handle: Any,
        *args: Any,
        trace_config: TraceConfig | None = None,
        fail_on_error: bool = True,
        only_if_loaded: bool = False,
        **kwargs: Any,
    ) -> SimulatedResult:
        """Run on tensors, given as one list or one by one.

        trace_config:   its file gets the trace of the run.
        fail_on_error:  whether defects raise RunFailed.
        only_if_loaded: without effect; whoever has a handle has loaded.
        """
        tensors = args[0] if len(args) == 1 and isinstance(args[0], list | tuple) else args
        done = run(kernel_handle.executable, *tensors)
        if fail_on_error:
            done.raise_for_findings()
        keep_trace(done, trace_config)
        return SimulatedResult(done, trace_config)

    def device(self) -> Device:
        """The device that programs build for."""
        return get_current_device()

    def cleanup(self) -> None:
        """Nothing is held: each run begins with a fresh array."""


@functools.cache
def default_runtime() -> SimulatedRuntime:
    """The process's runtime."""
    return SimulatedRuntime()


def cleanup_npu_runtime() -> None:
    """Let go of what the process's runtime holds."""
    default_runtime().cleanup()


def has_xrt() -> bool:
    """False: the embedded runtime does not use XRT."""
    return False


def has_hrx() -> bool:
    """False: the embedded runtime does not use HRX."""
    return False


def bfloat16_safe_allclose(dtype: Any, arr1: Any, arr2: Any) -> bool:
    """`np.allclose`, for bfloat16 too, which numpy's own refuses."""
    first, second = np.asarray(arr1), np.asarray(arr2)
    if np.dtype(dtype).name == "bfloat16":
        first, second = first.astype(np.float32), second.astype(np.float32)
    return bool(np.allclose(first, second))
