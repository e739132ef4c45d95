"""Hypothesis profiles, the quick tier, and the embedded IRON for every test that imports `aie`."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import ironbird.provide  # noqa: F401  (registers the embedded `aie`)

settings.register_profile("quick", max_examples=20, deadline=None)
settings.register_profile(
    "ci",
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

KERNEL_FOLDERS = {"designs", "iron_algorithms", "iron_kernels", "kernels", "kernels_api"}
"""C++ that is the same for every Python, and what mostly runs it: not in the quick tier."""


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for a whole run, all workers of it, so that each program is built once.

    `IRONBIRD_TEST_CACHE` names it where several runs are to share it, as the tiers of CI do.
    """
    if "IRONBIRD_TEST_CACHE" in os.environ:
        return Path(os.environ["IRONBIRD_TEST_CACHE"])
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared cache"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent.name in KERNEL_FOLDERS:
            item.add_marker(pytest.mark.full)
