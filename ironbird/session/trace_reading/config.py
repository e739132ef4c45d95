"""`TraceConfig`: how large a program's trace is, and the files it goes through."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.session.trace_reading.packets import hex_words
from ironbird.session.trace_reading.timeline import parse_trace


class TraceConfig:
    """What a host program says of a trace.

    trace_size: bytes of the trace buffer. trace_file: where its words are kept as text.
    ddr_id: the number of the argument that takes it; -1: behind the last tensor's bytes.
    last_tensor_shape, last_tensor_dtype: of that last tensor, without the trace.
    """

    def __init__(
        self,
        trace_size: int,
        trace_file: str = "trace.txt",
        ddr_id: int = 4,
        enable_ctrl_pkts: bool = False,
        last_tensor_shape: Any = None,
        last_tensor_dtype: Any = None,
    ) -> None:
        if enable_ctrl_pkts:
            raise UsageError(
                "TraceConfig(enable_ctrl_pkts=True)",
                at=author_line(),
                because="tiles answer no control packets in the simulator",
                fix="leave it out",
            )
        if trace_size <= 0:
            raise UsageError(
                f"TraceConfig(trace_size={trace_size})",
                at=author_line(),
                because="it is a number of bytes above 0",
            )
        self.trace_size = trace_size
        self.trace_file = trace_file
        self.ddr_id = ddr_id
        self.enable_ctrl_pkts = enable_ctrl_pkts
        self.last_tensor_shape = last_tensor_shape
        self.last_tensor_dtype = last_tensor_dtype

    def __repr__(self) -> str:
        return f"TraceConfig({self.trace_size}, {self.trace_file!r}, {self.ddr_id})"

    def write_trace(self, trace: Any) -> None:
        """Keep a trace buffer: its words as 8 hexadecimal digits, one a line."""
        array = np.ascontiguousarray(getattr(trace, "data", trace) if _is_tensor(trace) else trace)
        words = array.reshape(-1).view(np.uint8).view(np.uint32)
        text = "".join(f"{word}\n" for word in hex_words(words))
        Path(self.trace_file).write_text(text, encoding="utf-8")

    def read_trace(self) -> npt.NDArray[np.uint32]:
        """The words that `write_trace` kept. Raises UsageError for a file that is not one."""
        path = Path(self.trace_file)
        if not path.is_file():
            raise UsageError(
                f"there is no trace file {path}", fix="write_trace() after the run that traces"
            )
        lines = path.read_text(encoding="utf-8").split()
        try:
            return np.array([int(line, 16) for line in lines], dtype=np.uint32)
        except ValueError as failure:
            raise UsageError(
                f"{path} is no trace file", because=f"its lines are words of 8 digits: {failure}"
            ) from failure

    def trace_to_json(self, mlir_file: str, output_name: str = "trace.json") -> None:
        """Write the kept trace as Chrome trace events. mlir_file: the module that was run."""
        events = parse_trace(self.read_trace(), Path(mlir_file).read_text(encoding="utf-8"))
        Path(output_name).write_text(json.dumps(events), encoding="utf-8")


def _is_tensor(trace: Any) -> bool:
    return not isinstance(trace, np.ndarray) and isinstance(
        getattr(trace, "data", None), np.ndarray
    )
