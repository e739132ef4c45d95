"""Floor 4: a physical plan run on this machine, natively or by the interpreter that defines it.

Exact:        the bytes: what cores, kernels, descriptors, streams, locks and the sequence do to
              memory, in any order that the locks allow; in kernels, those of `include/aie_api`.
Approximate:  the cycles: streams, locks and descriptors by published constants, kernels by counted
              issue slots, DDR by runs and pages (`timing.py`). Streams hold no words between
              their ends, where the chip holds some 48.
Not modelled: memory bank conflicts, answers of tile controllers, the time of trace packets, the
              host's dispatch.
"""

from ironbird.simulator.build import build
from ironbird.simulator.emit import emit_cpp
from ironbird.simulator.interpreter import interpret
from ironbird.simulator.native import Executable, load
from ironbird.simulator.options import SimulationOptions
from ironbird.simulator.result import KernelStatistics, SimulationResult, TraceEvent
from ironbird.simulator.trace_units import RecordedTrace

__all__ = [
    "Executable",
    "KernelStatistics",
    "RecordedTrace",
    "SimulationOptions",
    "SimulationResult",
    "TraceEvent",
    "build",
    "emit_cpp",
    "interpret",
    "load",
]
