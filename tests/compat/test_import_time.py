"""`import aie.iron` is quick: what it loads, and the processor time it takes."""

import os
import subprocess
import sys
from pathlib import Path

import ironbird

MOST_SECONDS = 0.4
TRIES = 6

# How many squares are summed in how long, on an idle machine like that of the limit.
WORK, WORK_SECONDS = 1_000_000, 0.045

# Text, verification and what runs a program are loaded by their first use.
LATER = (
    "ironbird.session",
    "ironbird.plan",
    "ironbird.passes",
    "ironbird.simulator",
    *(f"ironbird.ir.{name}" for name in ("parser", "printer", "verifier", "checks", "context")),
)


def run(script: str, cache: Path) -> str:
    """What a fresh Python prints; its bytecode is kept in `cache`, as an installed package's is."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(ironbird.__file__).parents[1],
        env=environment | {"PYTHONPYCACHEPREFIX": str(cache)},
    ).stdout


def test_importing_the_front_end_loads_nothing_that_runs_programs(tmp_path: Path) -> None:
    script = "import ironbird.provide, aie.iron, sys; print(*sys.modules)"
    loaded = run(script, tmp_path).split()
    assert [name for name in loaded if name.startswith(LATER)] == []
    assert "xdsl.dialects.math" not in loaded  # as long to define as all other dialects together


def test_import_takes_little_processor_time(tmp_path: Path) -> None:
    """Processor time, not wall time, and the best of some: the machine may be busy.

    A busy machine is slower even in processor time, so a fixed piece of work is timed beside it.
    """
    script = (
        "import time\n"
        "start = time.process_time()\n"
        f"sum(i * i for i in range({WORK}))\n"
        "before = time.process_time()\n"
        "import ironbird.provide, aie.iron\n"
        "print(time.process_time() - before, before - start)"
    )
    run(script, tmp_path)
    tries: list[tuple[float, float]] = []
    for _ in range(TRIES):
        taken, work = map(float, run(script, tmp_path).split())
        tries.append((taken, work))
        if taken <= MOST_SECONDS * max(1.0, work / WORK_SECONDS):
            print(f"import aie.iron: {taken:.2f} s of processor time, the work {work:.3f} s")
            return
    raise AssertionError(f"seconds of the import, and of the work beside it: {tries}")
