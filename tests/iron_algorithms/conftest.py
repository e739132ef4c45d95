"""Designs are built into the cache that the session's tests use."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def use_shared_cache(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
