"""Programs share one cache, and leave the process as they found it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ironbird.iron.device import set_current_device


@pytest.fixture(scope="session")
def corpus_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus cache")


@pytest.fixture(autouse=True)
def undisturbed(corpus_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program sets `sys.argv` and the current device, and puts its folder on `sys.path`."""
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(corpus_cache))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    set_current_device(None)
