"""Commands run in their own process; all tests of a run share one cache."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def command(tmp_path: Path, shared_cache: Path) -> Command:
    """Runs `python -m MODULE ARGUMENTS` in `tmp_path`."""

    def run(
        module: str, *arguments: object, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path]),
                "IRONBIRD_CACHE_HOME": str(shared_cache),
                **environment,
            },
        )

    return run
