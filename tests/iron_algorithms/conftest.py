"""Designs are built into the cache that the session's tests use."""

import pytest


@pytest.fixture(autouse=True)
def use_shared_cache(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path_factory.getbasetemp() / "shared cache"
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(shared))
