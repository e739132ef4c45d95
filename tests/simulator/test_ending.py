"""How runs end from outside: options that are refused, arguments that do not fit, Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from simulator.building import kernel_libraries
from simulator.plans import ping_pong

from ironbird.base.errors import UsageError
from ironbird.simulator import SimulationOptions
from ironbird.simulator.native import check_arguments


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threads": 0}, "threads=0; the least is 1"),
        ({"cycle_limit": 0}, "cycle_limit=0; the least is 1"),
        ({"schedule_seed": -1}, "schedule_seed=-1 is not in 0..2**64-1"),
        (
            {"numerics": "exact"},
            "numerics='exact' is not known\n  try: 'silicon' or 'fast'",
        ),
        (
            {"compiler_class": "gcc"},
            "compiler_class='gcc' is not known\n  try: 'peano', 'chess' or 'ideal'",
        ),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(UsageError) as caught:
        SimulationOptions(**options)
    assert str(caught.value) == message


def read_only(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ([np.zeros(128, np.int32)], "the design takes 2 tensors, not 1"),
        (
            [np.zeros(100, np.int32), np.zeros(128, np.int32)],
            "argument 0 (x) has 400 bytes\n  because: the design moves 512",
        ),
        (
            [np.zeros((128, 2), np.int32)[:, 0], np.zeros(128, np.int32)],
            "argument 0 (x) is not contiguous in C order\n  try: numpy.ascontiguousarray",
        ),
        (
            [np.zeros(128, np.int32), read_only(np.zeros(128, np.int32))],
            "argument 1 (y) is read-only, and the design writes it",
        ),
    ],
)
def test_arguments_are_checked(arrays, message):
    with pytest.raises(UsageError) as caught:
        check_arguments(ping_pong()[0], arrays)
    assert str(caught.value) == message


INTERRUPTED = """
import signal
import sys
from pathlib import Path
# A shell starts what it puts in the background with Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {tests!r})
from simulator.test_findings import with_kernel, messages
from simulator.building import built_with_kernels, ran
executable = built_with_kernels(with_kernel("never_ends"), Path({directory!r}))
print("running", flush=True)
result, _ = ran(executable, threads={threads})
print(messages(result)[0].splitlines()[0], flush=True)
print("alive", flush=True)
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_a_kernel_that_never_does(tmp_path, threads):
    kernel_libraries()
    tests = Path(__file__).parent.parent
    script = INTERRUPTED.format(tests=str(tests), directory=str(tmp_path), threads=threads)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=tests.parent
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "running\n"
        time.sleep(0.5)
        os.kill(running.pid, signal.SIGINT)
        told = running.stdout.read().splitlines()
        assert told == ["interrupted: the run was interrupted", "alive"]
    assert running.returncode == 0
