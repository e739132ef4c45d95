"""Hypothesis profiles, and the embedded IRON for every test that imports `aie`."""

import os

from hypothesis import HealthCheck, settings

import ironbird.provide  # noqa: F401  (registers the embedded `aie`)

settings.register_profile("quick", max_examples=20, deadline=None)
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
