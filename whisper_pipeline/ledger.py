"""What was computed where, for which stage, and what it cost: filled by ops, read by reports.

Equal computations are counted together, so that a ledger of hours of audio stays small. Modelled
cycles and seconds measured on this machine are never added to each other.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

HOST = "host"


@dataclass(kw_only=True)
class Work:
    """All computations of the same ops of a stage at one place.

    where:          `host`, or what ran the launches: `simulator (native, g++ 12.2.0, fast)`.
    count:          computations; on a device, launches.
    configurations: of the array that the launches loaded, one after the other; 0 on the host.
    cycles:         modelled, of the array; without loading configurations.
    ddr_bytes:      that shim tiles moved.
    seconds:        of this machine: computing on the host, simulating, or waiting for a device.
    """

    stage: str
    ops: tuple[str, ...]
    where: str
    count: int = 0
    configurations: int = 0
    cycles: int = 0
    ddr_bytes: int = 0
    seconds: float = 0.0


@dataclass
class Ledger:
    """Works in the order in which they first happened."""

    _works: dict[tuple[str, tuple[str, ...], str], Work] = field(default_factory=dict)

    @property
    def works(self) -> tuple[Work, ...]:
        """One for each stage, run of ops and place."""
        return tuple(self._works.values())

    def take(self) -> tuple[Work, ...]:
        """The works so far, of which the ledger then knows no more."""
        taken = self.works
        self._works = {}
        return taken

    def add(
        self,
        stage: str,
        ops: Sequence[str],
        where: str,
        *,
        seconds: float,
        configurations: int = 0,
        cycles: int = 0,
        ddr_bytes: int = 0,
    ) -> None:
        """One computation."""
        key = (stage, tuple(ops), where)
        work = self._works.setdefault(key, Work(stage=stage, ops=key[1], where=where))
        work.count += 1
        work.configurations += configurations
        work.cycles += cycles
        work.ddr_bytes += ddr_bytes
        work.seconds += seconds

    @contextmanager
    def on_host(self, stage: str, *ops: str) -> Iterator[list[str]]:
        """What happens within is one computation on the host, if it ends without an error.

        Yields the list of its ops, for those that turn out within.
        """
        named = list(ops)
        began = time.perf_counter()
        yield named
        self.add(stage, named, HOST, seconds=time.perf_counter() - began)
