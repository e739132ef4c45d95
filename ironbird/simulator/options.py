"""How a design is run: what provokes bugs, what bounds the run, and how time is reckoned."""

import os
from dataclasses import dataclass
from typing import Literal, get_args

from ironbird.base.errors import UsageError

Numerics = Literal["silicon", "fast"]
CompilerClass = Literal["peano", "chess", "ideal"]


@dataclass(frozen=True, kw_only=True)
class SimulationOptions:
    """Options of one run. Those on by default are named after the bug they provoke or catch.

    numerics:               "silicon" as the chip rounds, "fast" IEEE fp32; fixed when built.
    schedule_seed:          random order of simultaneous events and random delays; None: none.
    unwritten_memory:       memory and outputs start as poison, and reads of it are followed.
    writes_past_buffers:    red zones around every buffer, checked after each kernel call.
    unordered_accesses:     accesses to common bytes that no lock orders are races.
    compiler_class:         whose code the cycles of kernels are modelled on.
    cycle_limit:            a run longer than this many cycles is stopped.
    trace:                  keep what happened when; also kept where the design traces.
    threads:                threads that run kernels, the simulation's own included.
    """

    numerics: Numerics = "silicon"
    schedule_seed: int | None = None
    unwritten_memory: bool = True
    writes_past_buffers: bool = True
    unordered_accesses: bool = True
    compiler_class: CompilerClass = "peano"
    cycle_limit: int = 10_000_000_000
    trace: bool = False
    threads: int = os.cpu_count() or 1

    def __post_init__(self) -> None:
        if self.numerics not in get_args(Numerics):
            raise UsageError(f"numerics={self.numerics!r} is not known", fix="'silicon' or 'fast'")
        if self.compiler_class not in get_args(CompilerClass):
            raise UsageError(
                f"compiler_class={self.compiler_class!r} is not known",
                fix="'peano', 'chess' or 'ideal'",
            )
        if self.threads < 1:
            raise UsageError(f"threads={self.threads}; the least is 1")
        if self.cycle_limit < 1:
            raise UsageError(f"cycle_limit={self.cycle_limit}; the least is 1")
        if self.schedule_seed is not None and not 0 <= self.schedule_seed < 2**64:
            raise UsageError(f"schedule_seed={self.schedule_seed} is not in 0..2**64-1")
