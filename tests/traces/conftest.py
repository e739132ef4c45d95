"""Traced designs share one cache."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def trace_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "shared cache"


@pytest.fixture(autouse=True)
def cache_of_its_own(trace_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(trace_cache))
