"""A ledger for people and programs: what each stage cost, where, and how fast the chip would be.

Three kinds of time are kept apart: modelled time of the NPU (cycles at a named clock, under a
named compiler class), seconds measured on this machine's host, and seconds that simulating took.
The realtime factor is of the modelled NPU alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ironbird.base.npu1 import CLOCK_HERTZ
from ironbird.simulator import SimulationOptions
from whisper_pipeline.ledger import HOST, Ledger, Work

DISPATCH_SECONDS = 150e-6
"""For the host to start one launch and see its end, buffers synchronised.

Measured on npu1 by others: about 0.15 ms (GitHub, hardWorker254/Npu-Embeddings-XDNA1). Commands of
one runlist take less: 31 to 56 us each (amd/xdna-driver, pull request 135).
"""

DISPATCH_SOURCE = "Npu-Embeddings-XDNA1, measured there"


@dataclass(frozen=True, kw_only=True)
class Report:
    """Of all works of a ledger, which transcribed `audio_seconds` of audio.

    clock:          whose frequency turns cycles into time, of `CLOCK_HERTZ`.
    compiler_class: whose code the cycles of kernels are modelled on.
    """

    works: tuple[Work, ...]
    audio_seconds: float
    clock: str
    compiler_class: str

    @property
    def host_works(self) -> tuple[Work, ...]:
        return tuple(work for work in self.works if work.where == HOST)

    @property
    def npu_works(self) -> tuple[Work, ...]:
        return tuple(work for work in self.works if work.where != HOST)

    @property
    def launches(self) -> int:
        return sum(work.count for work in self.npu_works)

    @property
    def configurations(self) -> int:
        """Loaded by the launches; the time that takes is not modelled."""
        return sum(work.configurations for work in self.npu_works)

    @property
    def npu_seconds(self) -> float:
        """Modelled."""
        return sum(map(self.modelled_seconds, self.npu_works))

    @property
    def dispatch_seconds(self) -> float:
        """Of all launches, at what others measured for one."""
        return self.launches * DISPATCH_SECONDS

    @property
    def host_seconds(self) -> float:
        """Measured on this machine."""
        return sum(work.seconds for work in self.host_works)

    @property
    def simulating_seconds(self) -> float:
        """Measured on this machine; says nothing about the chip."""
        return sum(work.seconds for work in self.npu_works)

    @property
    def realtime_factor(self) -> float | None:
        """Audio over modelled time of the NPU and its dispatch; None if nothing ran there."""
        if not self.launches:
            return None
        return self.audio_seconds / (self.npu_seconds + self.dispatch_seconds)

    def modelled_seconds(self, work: Work) -> float:
        return work.cycles / CLOCK_HERTZ[self.clock]

    def share(self, work: Work) -> float:
        """Of the host's seconds, or of the NPU's modelled ones."""
        own, whole = (
            (work.seconds, self.host_seconds)
            if work.where == HOST
            else (self.modelled_seconds(work), self.npu_seconds)
        )
        return own / whole if whole else 0.0

    def as_mapping(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "audio_seconds": self.audio_seconds,
            "clock": self.clock,
            "clock_hertz": CLOCK_HERTZ[self.clock],
            "compiler_class": self.compiler_class,
            "works": [self._described(work) for work in self.works],
            "launches": self.launches,
            "configurations": self.configurations,
            "npu_seconds_modelled": self.npu_seconds,
            "dispatch_seconds_per_launch": DISPATCH_SECONDS,
            "dispatch_source": DISPATCH_SOURCE,
            "dispatch_seconds": self.dispatch_seconds,
            "realtime_factor_modelled": self.realtime_factor,
            "host_seconds": self.host_seconds,
            "simulating_seconds": self.simulating_seconds,
        }

    def __str__(self) -> str:
        return "\n".join([*_table(self), "", *_totals(self)])

    def _described(self, work: Work) -> dict[str, Any]:
        common = {"stage": work.stage, "ops": list(work.ops), "where": work.where}
        if work.where == HOST:
            return {**common, "computations": work.count, "host_seconds": work.seconds}
        return {
            **common,
            "launches": work.count,
            "configurations": work.configurations,
            "cycles": work.cycles,
            "npu_seconds_modelled": self.modelled_seconds(work),
            "ddr_bytes": work.ddr_bytes,
            "simulating_seconds": work.seconds,
        }


def report_of(
    ledger: Ledger,
    audio_seconds: float,
    *,
    clock: str = "8700G",
    compiler_class: str = SimulationOptions().compiler_class,
) -> Report:
    """The report of everything in a ledger so far."""
    works = tuple(replace(work) for work in ledger.works)
    return Report(
        works=works, audio_seconds=audio_seconds, clock=clock, compiler_class=compiler_class
    )


HEADINGS = (
    *("stage", "where", "runs", "configurations"),
    *("NPU ms (modelled)", "DDR MB", "host s", "share", "ops"),
)
_TEXTS = (0, 1, len(HEADINGS) - 1)
"""Columns that begin at the left."""


def _table(report: Report) -> list[str]:
    rows = [HEADINGS, *(_cells(report, work) for work in report.works)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        f"{cell:<{width}}" if place in _TEXTS else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _cells(report: Report, work: Work) -> tuple[str, ...]:
    """A line of the table; what a place has not is a dash."""
    counted = Counter(work.ops)
    ops = ", ".join(op if count == 1 else f"{op} x{count}" for op, count in counted.items())
    share = f"{report.share(work):.0%}"
    if work.where == HOST:
        return (
            work.stage,
            HOST,
            f"{work.count:,}",
            "-",
            "-",
            "-",
            f"{work.seconds:.3f}",
            share,
            ops,
        )
    return (
        work.stage,
        work.where.partition(" (")[0],
        f"{work.count:,}",
        f"{work.configurations:,}",
        f"{report.modelled_seconds(work) * 1e3:.3f}",
        f"{work.ddr_bytes / 1e6:.1f}",
        "-",
        share,
        ops,
    )


def _totals(report: Report) -> list[str]:
    """Sentences under the table: every figure with its kind and its source."""
    host = f"host: {report.host_seconds:.3f} s measured on this machine"
    if report.realtime_factor is None:
        return [f"{host}; nothing ran on an NPU, so none is modelled"]
    places = ", ".join(sorted({work.where for work in report.npu_works}))
    return [
        f"NPU: {report.npu_seconds * 1e3:.3f} ms modelled at the clock of an {report.clock} "
        f"({CLOCK_HERTZ[report.clock] / 1e9:g} GHz), code of class {report.compiler_class}; "
        f"ran on {places}",
        f"dispatch: {report.launches:,} launches at {DISPATCH_SECONDS * 1e3:g} ms "
        f"({DISPATCH_SOURCE}) are {report.dispatch_seconds * 1e3:.3f} ms",
        f"realtime factor of the modelled NPU: {report.realtime_factor:.1f} "
        f"({report.audio_seconds:.1f} s of audio / NPU and dispatch)",
        f"not modelled: loading {report.configurations:,} configurations",
        f"{host}, not part of the factor",
        f"simulating took {report.simulating_seconds:.3f} s of this machine, "
        "which says nothing about the chip",
    ]
