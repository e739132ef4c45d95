"""What a host program does about a trace round a run: room for it before, its file after."""

from typing import Any

import numpy as np

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.iron.tensor import NpuTensor, tensor
from ironbird.session.result import RunResult
from ironbird.session.trace_reading.config import TraceConfig

_BEHIND_LAST = -1


def prepare_args_for_trace(args: list[Any], trace_config: TraceConfig) -> list[Any]:
    """The tensors, with a further one for the trace; or with the last one longer by the trace."""
    if trace_config.ddr_id != _BEHIND_LAST:
        return [*args, tensor(np.zeros(trace_config.trace_size, np.int8))]
    last = np.asarray(args[-1])
    trace_config.last_tensor_shape = last.shape
    trace_config.last_tensor_dtype = last.dtype
    room = np.zeros(trace_config.trace_size // last.dtype.itemsize, last.dtype)
    return [*args[:-1], tensor(np.concatenate([last.reshape(-1), room]))]


def extract_trace_from_args(args: list[Any], trace_config: TraceConfig) -> tuple[NpuTensor, None]:
    """Take the trace out of the tensors that `prepare_args_for_trace` made; `args` is changed.

    The second of the pair, answers to control packets, does not exist here.
    """
    array = np.asarray(args[-1]).reshape(-1)
    if trace_config.ddr_id != _BEHIND_LAST:
        args.pop()
        return tensor(array.view(np.uint32)), None
    own = array.size - trace_config.trace_size // array.dtype.itemsize
    args[-1] = tensor(array[:own].reshape(trace_config.last_tensor_shape))
    return tensor(np.ascontiguousarray(array[own:]).view(np.uint32)), None


def process_trace(
    trace_buffer: Any, ctrl_buffer: Any, trace_config: TraceConfig, verbosity: int = 0
) -> None:
    """Write the trace to its file."""
    if ctrl_buffer is not None:
        raise UsageError(
            "process_trace() with answers to control packets",
            at=author_line(),
            because="tiles answer none in the simulator",
            fix="None",
        )
    trace_config.write_trace(trace_buffer)
    if verbosity:
        print(f"trace of {trace_config.trace_size} bytes written to {trace_config.trace_file}")


def keep_trace(result: RunResult, trace_config: TraceConfig | None) -> None:
    """Write what a run traced to the file that `trace_config` names, if one was asked for."""
    if trace_config is None:
        return
    if result.trace_buffer is None:
        raise UsageError(
            "a trace was asked for, and the design configures no trace unit",
            at=author_line(),
            because=f"trace_config names {trace_config.trace_file}, and nothing was recorded",
            fix="Program.enable_trace(trace_size)",
        )
    trace_config.write_trace(result.trace_buffer)
