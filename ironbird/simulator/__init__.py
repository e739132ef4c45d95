"""Floor 4: a physical plan run on this machine, natively or by the interpreter that defines it."""

from ironbird.simulator.build import build
from ironbird.simulator.emit import emit_cpp
from ironbird.simulator.interpreter import interpret
from ironbird.simulator.native import Executable, load
from ironbird.simulator.options import SimulationOptions
from ironbird.simulator.result import KernelStatistics, SimulationResult, TraceEvent

__all__ = [
    "Executable",
    "KernelStatistics",
    "SimulationOptions",
    "SimulationResult",
    "TraceEvent",
    "build",
    "emit_cpp",
    "interpret",
    "load",
]
