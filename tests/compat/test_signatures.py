"""Every recorded signature of upstream against ours; what differs is listed with its reason."""

from importlib import import_module

import pytest

from tests.compat.recorded_names import DIFFERENCES, TABLE, difference, recorded

ENTRIES = list(recorded())
BY_MODULE = {
    module: [entry for entry in ENTRIES if entry.module == module]
    for module in dict.fromkeys(entry.module for entry in ENTRIES)
}


@pytest.mark.parametrize("module", BY_MODULE)
def test_signatures_agree(module: str) -> None:
    differing = {entry.path: difference(entry) for entry in BY_MODULE[module]}
    unlisted = {
        path: why for path, why in differing.items() if why is not None and path not in DIFFERENCES
    }
    assert unlisted == {}


def test_listed_differences_are_differences() -> None:
    known = {entry.path: entry for entry in ENTRIES}
    assert set(DIFFERENCES) - set(known) == set()
    agreeing = [path for path in DIFFERENCES if difference(known[path]) is None]
    assert agreeing == []


def test_counts() -> None:
    print(
        f"{len(ENTRIES)} names of {len(BY_MODULE)} modules, {len(DIFFERENCES)} differ with a reason"
    )
    assert len(ENTRIES) > 500
    assert all(reason for reason in TABLE["differences"])


@pytest.mark.parametrize("module", BY_MODULE)
def test_a_name_that_is_not_here_says_so(module: str) -> None:
    """Importing it raises an ImportError with its whole path, and what to use instead."""
    for entry in BY_MODULE[module]:
        if len(entry.names) > 1:
            continue
        try:
            getattr(import_module(entry.module), entry.names[0])
        except ImportError as refusal:
            path, _, instead = str(refusal).partition(
                " exists upstream, but not in the embedded IRON of ironbird: "
            )
            assert path in (entry.path, entry.module)
            assert instead
