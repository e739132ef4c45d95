"""Records calls of designs and runs them, one launch for all that a part of a buffer needs.

Within a stage calls are only recorded, those of each part by themselves. At its end, or when
something is fetched, what a part needs becomes one program (designs/chain.py). Programs are
compiled once for a structure, which is the cases of the designs and which tensors they share: all
layers of a model have one.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from designs.case import Array
from designs.chain import Launch, chain
from ironbird.plan import ddr_bytes
from ironbird.session.compile import Executable, compile
from ironbird.session.run import run
from ironbird.simulator.options import Numerics
from whisper_pipeline.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Call:
    """One configuration of the array, and the tensors that it is to work on.

    op:      of the seam, as the ledger names it.
    design:  equal if and only if the program is.
    program: makes it.
    alone:   whether it is a launch of its own, because others of the same program follow: then one
             program serves all.
    """

    op: str
    design: Hashable
    program: Callable[[], Any]
    tensors: tuple[Array, ...]
    alone: bool = False


@dataclass(frozen=True)
class _Program:
    executable: Executable
    ddr_bytes: int


class Launches:
    """What is recorded, and what was compiled."""

    def __init__(self, ledger: Ledger, numerics: Numerics) -> None:
        self._ledger = ledger
        self._numerics = numerics
        self._stage: str | None = None
        self._recorded: dict[int, list[Call]] = {}
        self._programs: dict[Hashable, _Program] = {}

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

    def record(self, part: int, call: Call) -> None:
        """A call behind all others of its part."""
        assert self._stage is not None, f"{call.op} belongs to no stage"
        self._recorded.setdefault(part, []).append(call)

    def run_recorded(self) -> None:
        """Run everything, part by part."""
        recorded, self._recorded = self._recorded, {}
        for calls in recorded.values():
            for alone, group in groupby(calls, key=lambda call: call.alone):
                together = list(group)
                for calls_of_launch in [[call] for call in together] if alone else [together]:
                    self._run(calls_of_launch)

    def _run(self, calls: Sequence[Call]) -> None:
        tensors, structure = _structure(calls)
        program = self._programs.get(structure)
        if program is None:
            program = self._programs[structure] = self._compiled(structure, calls)
        result = run(program.executable, *tensors)
        result.raise_for_findings()
        self._ledger.add(
            self.current_stage,
            [call.op for call in calls],
            result.where,
            seconds=result.wall_seconds,
            configurations=len(calls),
            cycles=result.cycles,
            ddr_bytes=program.ddr_bytes,
        )

    def _compiled(self, structure: "_Structure", calls: Sequence[Call]) -> _Program:
        launches = [
            Launch(f"{number}_{call.op}", call.program(), tuple(f"t{at}" for at in places))
            for number, (call, (_, places)) in enumerate(zip(calls, structure, strict=True))
        ]
        count = 1 + max(at for _, places in structure for at in places)
        executable = compile(
            chain([f"t{at}" for at in range(count)], launches),
            numerics=self._numerics,
            title=self.current_stage,
        )
        return _Program(executable, sum(ddr_bytes(each.plan) for each in executable.stages))


_Structure = tuple[tuple[Hashable, tuple[int, ...]], ...]


def _structure(calls: Sequence[Call]) -> tuple[list[Array], _Structure]:
    """The tensors in the order of first use, and each call's design and places among them."""
    tensors: list[Array] = []
    numbers: dict[Hashable, int] = {}
    structure = []
    for call in calls:
        places = []
        for tensor in call.tensors:
            identity = (tensor.ctypes.data, tensor.shape, tensor.dtype.str)
            if identity not in numbers:
                numbers[identity] = len(tensors)
                tensors.append(tensor)
            places.append(numbers[identity])
        structure.append((call.design, tuple(places)))
    return tensors, tuple(structure)
