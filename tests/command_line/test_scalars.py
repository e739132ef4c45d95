"""`--scalar N=V` gives a sequence the numbers that it takes as arguments."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.lowering_samples import SAMPLES

DYNAMIC = SAMPLES / "august" / "42_dynamic_sequence" / "in.mlir"


def test_a_sequence_runs_with_its_number(command: Callable, tmp_path: Path) -> None:
    """16 turns of 256 elements each go up and come down again."""
    sent = np.arange(4096, dtype=np.int32)
    np.save(tmp_path / "a.npy", sent)
    options = ["--arg", "0=a.npy", "--scalar", "2=16", "--out", "1=b.npy"]
    ended = command("ironbird", "run", DYNAMIC, *options)
    assert ended.returncode == 0, ended.stderr
    np.testing.assert_array_equal(np.load(tmp_path / "b.npy"), sent)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("x", "--scalar x is not N=V\n  try: --scalar 2=16\n"),
        (
            "1=3",
            "no runtime sequence takes a number as argument 1\n"
            "  because: @sequence takes (memref<4096xi32>, memref<4096xi32>, i32)\n",
        ),
    ],
)
def test_misuse_is_refused(command: Callable, option: str, message: str) -> None:
    ended = command("ironbird", "run", DYNAMIC, "--scalar", option)
    assert (ended.returncode, ended.stderr) == (1, message)
