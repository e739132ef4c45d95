"""Plans are built into the cache of the run."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="module")
def use_shared_cache(shared_cache: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
        yield
