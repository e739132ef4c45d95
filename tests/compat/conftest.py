"""Programs share one cache, and leave the process as they found it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ironbird.iron.device import set_current_device


@pytest.fixture(autouse=True)
def undisturbed(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program sets `sys.argv` and the current device, and puts its folder on `sys.path`."""
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    set_current_device(None)
