"""Speed and memory of the simulator as ratios measured in one run, beside their limits.

Each figure is taken in a process of its own, so that peak memory and cold starts mean something;
the cache of a cold figure is a new empty folder. The core-cycles are modelled cycles times the
cores that work.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from ironbird.simulator.options import Numerics

MEBIBYTE = 2**20
CHILD_SECONDS = 600
REPEATS = 3
REPEAT_SECONDS = 0.5
SMALL_CALLS = 200


@dataclass(frozen=True)
class Figure:
    """One line of the table. `at_most` says on which side of the limit it must be."""

    name: str
    measured: float
    limit: float
    unit: str
    at_most: bool = True

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit

    def described(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "holds": self.holds}

    def __str__(self) -> str:
        bound = f"{'<=' if self.at_most else '>='} {self.limit:g}"
        verdict = "PASS" if self.holds else "FAIL"
        return f"{verdict}  {self.name:<58} {self.measured:>9.2f} {bound:>10} {self.unit}"


def main(arguments: list[str] | None = None) -> int:
    """As a child of `figures`: measure one thing and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tools.figures", description=__doc__)
    parser.add_argument("--measure", choices=MEASUREMENTS, required=True)
    parser.add_argument("--case", default="")
    parser.add_argument("--numerics", choices=get_args(Numerics), default="silicon")
    options = parser.parse_args(arguments)
    measured = MEASUREMENTS[options.measure](options.case, options.numerics)
    print(json.dumps({**measured, "peak_bytes": peak_bytes()}))
    return 0


def figures() -> Iterator[Figure]:
    """Each figure, as soon as it is measured."""
    with tempfile.TemporaryDirectory(prefix="ironbird-bench-") as cache_home:
        cold = _child("attention", "whisper_base", cache_home=cache_home)
        warm = _child("attention", "whisper_base", cache_home=cache_home)
    yield from [
        Figure("attention, empty cache: process until built", cold["built_s"], 15, "s"),
        Figure("attention, new process: until the result is ready", warm["ready_s"], 2, "s"),
        Figure("attention, of that the simulation", warm["simulate_s"], 2, "s"),
    ]
    block = _child("encoder_block", "whisper_tiny", "fast")
    yield Figure("encoder block of Whisper tiny fast, the simulation", block["simulate_s"], 1, "s")
    call = _child("small_call")
    yield Figure("repeated small call, our own overhead", call["overhead_ms"], 2, "ms")
    products = {
        (case, numerics): _child("matmul", case, numerics)
        for case, numerics in (
            ("bf16_512", "fast"),
            ("bf16_2048", "fast"),
            ("bf16_2048", "silicon"),
        )
    }
    small, large = products["bf16_512", "fast"], products["bf16_2048", "fast"]
    exact = products["bf16_2048", "silicon"]
    yield from [
        Figure("matmul 512^3 fast, against numpy float32", small["ratio"], 10, "x"),
        Figure("matmul 2048^3 fast, against numpy float32", large["ratio"], 5, "x"),
        Figure("matmul 2048^3 silicon, against numpy float32", exact["ratio"], 40, "x"),
        Figure(
            "matmul 2048^3 fast, million core-cycles a second",
            large["core_cycles_per_s"] / 1e6,
            50,
            "M/s",
            at_most=False,
        ),
        Figure("matmul 2048^3 fast, peak memory", large["peak_bytes"] / MEBIBYTE, 1024, "MiB"),
        Figure(
            "matmul 512 -> 2048 fast, time over work (1 is linear)",
            large["simulate_s"] / small["simulate_s"] / 64,
            1.5,
            "x",
        ),
    ]


def _child(
    measure: str, case: str = "", numerics: str = "silicon", *, cache_home: str | None = None
) -> dict[str, float]:
    """What a new process measures."""
    environment = dict(os.environ)
    if cache_home is not None:
        environment["IRONBIRD_CACHE_HOME"] = cache_home
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "tools.figures",
            "--measure",
            measure,
            "--case",
            case,
            "--numerics",
            numerics,
        ],
        env={**environment, "IRONBIRD_BENCH_STARTED": repr(time.time())},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        timeout=CHILD_SECONDS,
        check=True,
    )
    measured: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    return measured


def _seconds_since_start() -> float:
    """Since the parent started this process: the interpreter's own start counts."""
    return time.time() - float(os.environ["IRONBIRD_BENCH_STARTED"])


def _measure_attention(case_name: str, numerics: Numerics) -> dict[str, float]:
    import numpy as np

    from designs import attention
    from ironbird.session.compile import compile
    from ironbird.session.run import run

    case = next(case for case in attention.CASES if case.name == case_name)
    executable = compile(attention.design(case), numerics=numerics)
    built_s = _seconds_since_start()
    drawing_began = time.perf_counter()
    arguments = attention.pack(case, case.inputs(np.random.default_rng(0)))
    drawing_s = time.perf_counter() - drawing_began
    result = run(executable, *arguments)
    result.raise_for_findings()
    return {
        "built_s": built_s,
        "ready_s": _seconds_since_start() - drawing_s,
        "simulate_s": result.wall_seconds,
    }


def _measure_encoder_block(case_name: str, numerics: Numerics) -> dict[str, float]:
    import numpy as np

    from designs import encoder_block
    from ironbird.session.compile import compile
    from ironbird.session.run import run

    case = next(case for case in encoder_block.CASES if case.name == case_name)
    executable = compile(encoder_block.design(case), numerics=numerics)
    arguments = encoder_block.pack(case, case.inputs(np.random.default_rng(0)))
    run(executable, *arguments).raise_for_findings()
    return {"simulate_s": _least_seconds(lambda: run(executable, *arguments))}


def _measure_small_call(case_name: str, numerics: Numerics) -> dict[str, float]:
    import numpy as np

    from designs import vector_add
    from ironbird.session.compile import compile
    from ironbird.session.run import run

    case = vector_add.CASES[0]
    executable = compile(vector_add.design(case), numerics=numerics)
    arrays = [*case.inputs(np.random.default_rng(0)).values()]
    arrays.append(np.zeros(case.element_count, np.int32))
    run(executable, *arrays)
    seconds = []
    for _ in range(SMALL_CALLS):
        began = time.perf_counter()
        run(executable, *arrays)
        seconds.append(time.perf_counter() - began)
    return {"overhead_ms": 1e3 * statistics.median(seconds)}


def _measure_matmul(case_name: str, numerics: Numerics) -> dict[str, float]:
    import numpy as np

    from designs import matmul
    from ironbird.base.tolerance import judge
    from ironbird.session.compile import compile
    from ironbird.session.run import run

    case = next(case for case in matmul.CASES if case.name == case_name)
    inputs = case.inputs(np.random.default_rng(0))
    executable = compile(matmul.design(case), numerics=numerics)
    arguments = matmul.pack(case, inputs)
    result = run(executable, *arguments)
    result.raise_for_findings()
    wide = {name: array.astype(np.float32) for name, array in inputs.items()}
    product = wide["a"] @ wide["b"]
    verdict = judge(matmul.unpack(case, arguments)["c"], product, case.tolerance)
    if not verdict:
        raise SystemExit(f"{case_name} {numerics} is wrong: {verdict}")
    numpy_s = _least_seconds(lambda: wide["a"] @ wide["b"])
    simulate_s = _least_seconds(lambda: run(executable, *arguments))
    return {
        "ratio": simulate_s / numpy_s,
        "simulate_s": simulate_s,
        "core_cycles_per_s": result.cycles * case.array**2 / simulate_s,
    }


def _least_seconds(work: Callable[[], Any]) -> float:
    """The shortest of a few runs, of more if they are short: others disturbed it least."""
    seconds: list[float] = []
    while len(seconds) < REPEATS or sum(seconds) < REPEAT_SECONDS:
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


MEASUREMENTS: dict[str, Callable[[str, Numerics], dict[str, float]]] = {
    "attention": _measure_attention,
    "encoder_block": _measure_encoder_block,
    "small_call": _measure_small_call,
    "matmul": _measure_matmul,
}

if __name__ == "__main__":
    raise SystemExit(main())
