"""Records calls of designs and runs them, one launch for all that a part of a buffer needs.

Within a stage calls are only recorded, those of each part by themselves. At its end, or when
something is fetched, all calls of a part are one launch: configurations of the array, loaded one
after the other over tensors that stay in memory (as designs/chain.py has it). A design is compiled
once, wherever in a launch its calls stand: all layers of a model share their programs.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from designs.case import Array
from ironbird.plan import ddr_bytes
from ironbird.session.compile import Executable, compile
from ironbird.session.run import run
from ironbird.simulator.options import Numerics
from whisper_pipeline.ledger import Ledger


@dataclass(frozen=True)
class _Call:
    """One configuration of the array, and the tensors that it is to work on."""

    op: str
    case: Hashable
    design: Callable[[Any], Any]
    tensors: tuple[Array, ...]


@dataclass(frozen=True)
class _Compiled:
    executable: Executable
    ddr_bytes: int


class Launches:
    """What is recorded, and what was compiled."""

    def __init__(self, ledger: Ledger, numerics: Numerics) -> None:
        self._ledger = ledger
        self._numerics = numerics
        self._stage: str | None = None
        self._recorded: dict[int, list[_Call]] = {}
        self._compiled: dict[Hashable, _Compiled] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What is recorded within runs before its end; nothing of it after an error."""
        assert self._stage is None, f"{name} begins within {self._stage}"
        self._stage = name
        try:
            yield
            self.run_recorded()
        finally:
            self._stage = None
            self._recorded.clear()

    @property
    def current_stage(self) -> str:
        """Its name."""
        assert self._stage is not None, "no stage has begun"
        return self._stage

    def record(
        self, part: int, op: str, case: Hashable, design: Callable[[Any], Any], *tensors: Array
    ) -> None:
        """A call behind all others of its part.

        op: of the seam, as the ledger names it. design: makes the program of a case.
        """
        assert self._stage is not None, f"{op} belongs to no stage"
        self._recorded.setdefault(part, []).append(_Call(op, case, design, tensors))

    def run_recorded(self) -> None:
        """Run everything, part by part."""
        recorded, self._recorded = self._recorded, {}
        for calls in recorded.values():
            self._run(calls)

    def _run(self, calls: Sequence[_Call]) -> None:
        """One launch."""
        programs = [self._program(call) for call in calls]
        results = []
        for program, call in zip(programs, calls, strict=True):
            results.append(run(program.executable, *call.tensors))
            results[-1].raise_for_findings()
        self._ledger.add(
            self.current_stage,
            [call.op for call in calls],
            results[0].where,
            seconds=sum(result.wall_seconds for result in results),
            configurations=len(calls),
            cycles=sum(result.cycles for result in results),
            ddr_bytes=sum(program.ddr_bytes for program in programs),
        )

    def _program(self, call: _Call) -> _Compiled:
        name = (call.design.__module__, call.case)
        if name not in self._compiled:
            executable = compile(call.design(call.case), numerics=self._numerics, title=call.op)
            self._compiled[name] = _Compiled(executable, ddr_bytes(executable.plan))
        return self._compiled[name]
