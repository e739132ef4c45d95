"""`aie.utils.benchmark`: wall times of the simulator, modelled times beside them."""

import itertools
import time
from types import SimpleNamespace

import pytest
from aie.utils.benchmark import (
    BenchmarkResult,
    Stats,
    preflight,
    print_benchmark,
    provenance,
    run_iters,
)

from ironbird.base.errors import UsageError


def test_statistics() -> None:
    stats = Stats.of([4, 1, 1])
    assert (stats.n, stats.mean, stats.median, stats.min, stats.max) == (3, 2, 1, 1, 4)
    assert stats.stdev == pytest.approx(3**0.5)
    assert Stats.of([7]).stdev == 0


def test_calls_after_the_warmup_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=0.5)
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    called = []

    def call(number: int, *, factor: int) -> SimpleNamespace:
        called.append(number * factor)
        return SimpleNamespace(npu_time=2000 * len(called), where="simulator (native)")

    timed = run_iters(call, 3, warmup=2, iters=3, factor=5)
    assert called == [15] * 5
    assert timed.wall_us == Stats((500_000.0,) * 3)
    assert timed.npu_us == timed.modelled_us == Stats((6.0, 8.0, 10.0))
    assert timed.result.npu_time == 10_000


def test_both_times_are_labelled(capsys: pytest.CaptureFixture[str]) -> None:
    print_benchmark(BenchmarkResult(Stats((10.0, 30.0)), Stats((2.0,)), None, "here"), "axpy")
    print_benchmark(BenchmarkResult(Stats((1.0,)), None, None, "there"))
    assert capsys.readouterr().out == (
        "axpy (here)\n"
        "  wall      min 10.0 / mean 20.0 / max 30.0 us over 2 calls (to simulate, on this "
        "machine)\n"
        "  modelled  2.0 us (not measured)\n"
        "benchmark (there)\n"
        "  wall      min 1.0 / mean 1.0 / max 1.0 us over 1 calls (to simulate, on this machine)\n"
    )


def test_what_says_that_nothing_was_measured() -> None:
    assert preflight() == ["wall times are those of a simulator; modelled times are not measured"]
    assert provenance()["where"] == "simulator"


@pytest.mark.parametrize(("warmup", "iters"), [(0, 0), (-1, 1)])
def test_numbers_that_leave_nothing_to_time(warmup: int, iters: int) -> None:
    with pytest.raises(
        UsageError,
        match=rf"^tests/session/test_benchmark\.py:\d+: run_iters\(warmup={warmup}, "
        rf"iters={iters}\)\n  because: at least one call is timed$",
    ):
        run_iters(print, warmup=warmup, iters=iters)
    with pytest.raises(
        UsageError,
        match=r"^tests/session/test_benchmark\.py:\d+: statistics of no times\n"
        r"  try: iters=1 or more$",
    ):
        Stats.of([])
