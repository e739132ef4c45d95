"""openai-whisper, for the tests that compare with it live."""

from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def openai_whisper() -> ModuleType:
    """The package, or a skip. Where it is missing, `whisper` alone would be this folder."""
    pytest.importorskip("whisper.version", reason="openai-whisper is not installed")
    return import_module("whisper")
