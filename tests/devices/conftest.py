"""Composed designs share one cache."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache_of_its_own(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
