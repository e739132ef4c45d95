"""A compiled design by the paths of its files, ready to be called with tensors."""

from pathlib import Path
from typing import Any

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line
from ironbird.session.compile import Executable
from ironbird.session.hostruntime.result import SimulatedResult
from ironbird.session.simulation_file import read_simulation_file


class NPUKernel:
    """`NPUKernel(xclbin_path, insts_path)`; both are what `compile()` of a design wrote.

    kernel_name: of the chip's binary; every design has one kernel, so any name is taken.
    """

    def __init__(
        self,
        xclbin_path: str | Path,
        insts_path: str | Path | None = None,
        device_index: int = 0,
        kernel_name: str = "MLIR_AIE",
        trace_config: Any = None,
    ) -> None:
        if device_index:
            raise UsageError(
                f"NPUKernel(device_index={device_index})",
                at=author_line(),
                because="one device is simulated, number 0",
            )
        self._xclbin_path = Path(xclbin_path)
        self._insts_path = None if insts_path is None else Path(insts_path)
        self._kernel_name = kernel_name
        self._trace_config = trace_config
        self._executable: Executable | None = None

    @property
    def xclbin_path(self) -> str:
        """The file with the design."""
        return str(self._xclbin_path)

    @property
    def insts_path(self) -> str:
        """The file in the place of the instructions; the simulator does not read it."""
        return "" if self._insts_path is None else str(self._insts_path)

    @property
    def kernel_name(self) -> str:
        """As it was given."""
        return self._kernel_name

    @property
    def trace_config(self) -> Any:
        """As it was given."""
        return self._trace_config

    def executable(self) -> Executable:
        """The design, read and built at the first call. Raises UsageError for a foreign file."""
        if self._executable is None:
            self._executable = read_simulation_file(self._xclbin_path).executable()
        return self._executable

    def __call__(self, *args: Any, **kwargs: Any) -> SimulatedResult:
        """Run once; outputs are written into the tensors."""
        from ironbird.session.hostruntime.runtime import default_runtime

        kwargs.setdefault("trace_config", self._trace_config)
        runtime = default_runtime()
        return runtime.run(runtime.load(self), list(args), **kwargs)
