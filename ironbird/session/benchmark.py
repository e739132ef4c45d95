"""`aie.utils.benchmark`: how long calls take, as wall time here and as modelled time on the chip.

unknown: upstream's exact signatures (the names are published, the parameters are not); assumed are
those below. Wall times are the simulator's on this machine and say nothing of the chip;
`modelled_us` stands beside them.
"""

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ironbird.base.errors import UsageError
from ironbird.base.source_line import author_line


@dataclass(frozen=True)
class Stats:
    """A sample of times in microseconds."""

    values: tuple[float, ...]

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """Their mean."""
        return statistics.fmean(self.values)

    @property
    def median(self) -> float:
        """Their median."""
        return statistics.median(self.values)

    @property
    def min(self) -> float:
        """The least."""
        return min(self.values)

    @property
    def max(self) -> float:
        """The largest."""
        return max(self.values)

    @property
    def stdev(self) -> float:
        """Their standard deviation; 0 for one value."""
        return statistics.stdev(self.values) if self.n > 1 else 0.0

    @classmethod
    def of(cls, values: Sequence[float]) -> "Stats":
        """The sample of `values`. Raises UsageError without any."""
        if not values:
            raise UsageError("statistics of no times", at=author_line(), fix="iters=1 or more")
        return cls(tuple(float(value) for value in values))


@dataclass(frozen=True)
class BenchmarkResult:
    """Times of one call, over its iterations.

    wall_us:     of the simulator on this machine.
    modelled_us: of the design on the chip; None where the calls return no such time.
    result:      what the last call returned.
    where:       what ran it.
    """

    wall_us: Stats
    modelled_us: Stats | None
    result: Any
    where: str

    @property
    def npu_us(self) -> Stats | None:
        """`modelled_us`, under the name of what the chip would be measured for."""
        return self.modelled_us


def run_iters(
    fn: Callable[..., Any], *args: Any, warmup: int = 1, iters: int = 5, **kwargs: Any
) -> BenchmarkResult:
    """Call `fn(*args, **kwargs)` `warmup + iters` times, and time the last `iters`.

    Raises UsageError for numbers that leave nothing to time.
    """
    if iters < 1 or warmup < 0:
        raise UsageError(
            f"run_iters(warmup={warmup}, iters={iters})",
            at=author_line(),
            because="at least one call is timed",
        )
    for _ in range(warmup):
        fn(*args, **kwargs)
    wall: list[float] = []
    modelled: list[float] = []
    result: Any = None
    for _ in range(iters):
        began = time.perf_counter()
        result = fn(*args, **kwargs)
        wall.append((time.perf_counter() - began) * 1e6)
        nanoseconds = getattr(result, "npu_time", None)
        if nanoseconds is not None:
            modelled.append(nanoseconds / 1000)
    where = getattr(result, "where", None)
    return BenchmarkResult(
        wall_us=Stats.of(wall),
        modelled_us=Stats.of(modelled) if modelled else None,
        result=result,
        where=where if isinstance(where, str) else "simulator",
    )


def preflight() -> list[str]:
    """What would make times unfit: here, that they are not the chip's."""
    return ["wall times are those of a simulator; modelled times are not measured"]


def provenance() -> dict[str, str]:
    """Where times come from."""
    return {
        "where": "simulator",
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def print_benchmark(result: BenchmarkResult, title: str = "benchmark") -> None:
    """Both times, each said to be what it is."""
    print(f"{title} ({result.where})")
    wall = result.wall_us
    print(
        f"  wall      min {wall.min:,.1f} / mean {wall.mean:,.1f} / max {wall.max:,.1f} us over "
        f"{wall.n} calls (to simulate, on this machine)"
    )
    modelled = result.modelled_us
    if modelled is not None:
        print(f"  modelled  {modelled.mean:,.1f} us (not measured)")
