"""One cache for all tests of a run, so that each program is built once; or a cache of one's own."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ironbird import simulator
from ironbird.session.cache import SHARED


@pytest.fixture(autouse=True, scope="module")
def use_shared_cache(shared_cache: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
        yield


@pytest.fixture
def cache_home(
    tmp_path: Path, use_shared_cache: None, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A cache without designs; the runtime, which every design shares, is there if it was built."""
    home = tmp_path / "cache home"
    (home / SHARED).mkdir(parents=True)
    for part in (shared_cache / SHARED).glob("runtime-*"):
        shutil.copy(part, home / SHARED)
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(home))
    return home


@pytest.fixture
def quick_builds(cache_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds that only compile the kernels, and cannot be run: for tests of what is kept when."""

    def build(plan: Any, sources: Any, directory: Path, compiler: Any, **options: Any) -> None:
        read = {
            source.object_file: [
                str(path)
                for path in compiler.compile_object(
                    source.path, directory / source.object_file, ("-O0",)
                ).dependencies
            ]
            for source in sources
        }
        (directory / "dependencies.json").write_text(json.dumps(read))
        (directory / "design.so").write_bytes(b"code")

    monkeypatch.setattr(simulator, "build", build)
    monkeypatch.setattr(simulator, "load", lambda directory, plan: None)
