"""Decides, once a process and on import, which `aie` a program gets.

The real one if it is importable and pyxrt opens a device; otherwise the embedded one.
`IRONBIRD_IRON=embedded|upstream` overrides. The choice is never silent: `choice()` tells it with
its reason, and every result repeats where it ran. It is apart from the session so that importing it
is all a program needs.

The embedded `aie` lies in `ironbird/embedded/aie` and is found by an import finder. The finder
stands at the end of `sys.meta_path`, unless an `aie` that was not chosen would be found before it.
"""

import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

from ironbird.base.absent_names import why_absent
from ironbird.base.errors import UsageError
from ironbird.embedded.absent_modules import ABSENT_MODULES

EMBEDDED_AIE = Path(__file__).resolve().parent / "embedded" / "aie"


@dataclass(frozen=True)
class Choice:
    """Which `aie` programs import: `embedded` or `upstream`, and why."""

    which: str
    reason: str


class EmbeddedAieFinder(MetaPathFinder):
    """Finds the package `aie` in `ironbird/embedded`; its submodules follow from its path."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of `aie`. Refuses by name a module that only upstream has."""
        if fullname in ABSENT_MODULES:
            # Not a ModuleNotFoundError: `from aie.utils import NAME` would swallow that.
            raise ImportError(why_absent(fullname, ABSENT_MODULES[fullname]), name=fullname)
        if fullname != "aie":
            return None
        return importlib.util.spec_from_file_location(
            "aie", EMBEDDED_AIE / "__init__.py", submodule_search_locations=[str(EMBEDDED_AIE)]
        )


def choice() -> Choice:
    """What was decided when this module was imported."""
    return _CHOICE


def choose() -> Choice:
    """Decide from the environment and from what is installed, without acting on it.

    Raises UsageError for a bad IRONBIRD_IRON, or one that asks for an `aie` that is not there.
    """
    wanted = os.environ.get("IRONBIRD_IRON")
    if wanted is not None and wanted not in ("embedded", "upstream"):
        raise UsageError(
            f"IRONBIRD_IRON is {wanted!r}",
            because="it is embedded or upstream",
            fix="unset it to let Ironbird choose",
        )
    if wanted == "embedded":
        return Choice("embedded", "IRONBIRD_IRON=embedded")
    installed = _installed_aie()
    if wanted == "upstream":
        if installed is None:
            raise UsageError(
                "IRONBIRD_IRON is 'upstream', but there is no mlir-aie to import",
                because="no package `aie` is installed",
                fix="install the mlir-aie wheel, or unset IRONBIRD_IRON",
            )
        return Choice("upstream", "IRONBIRD_IRON=upstream")
    if installed is None:
        return Choice("embedded", "mlir-aie is not installed")
    why_no_device = _why_no_device()
    if why_no_device is not None:
        return Choice("embedded", f"mlir-aie is installed, but {why_no_device}")
    return Choice("upstream", "mlir-aie is installed and pyxrt opens a device")


def register(chosen: Choice) -> None:
    """Make `import aie` find what was chosen. Raises UsageError if another `aie` is loaded."""
    if chosen.which == "upstream":
        return
    loaded = sys.modules.get("aie")
    if loaded is not None and loaded.__file__ != str(EMBEDDED_AIE / "__init__.py"):
        raise UsageError(
            "an `aie` that is not the embedded one is imported already",
            because=f"it comes from {loaded.__file__}",
            fix="import ironbird.provide before aie, or set IRONBIRD_IRON=upstream",
        )
    if any(isinstance(finder, EmbeddedAieFinder) for finder in sys.meta_path):
        return
    if importlib.machinery.PathFinder.find_spec("aie") is None:
        sys.meta_path.append(EmbeddedAieFinder())
    else:
        sys.meta_path.insert(0, EmbeddedAieFinder())


def _installed_aie() -> str | None:
    """Where mlir-aie's package `aie` is, or None. Not every folder called aie is it."""
    found = importlib.machinery.PathFinder.find_spec("aie")
    if found is None or found.submodule_search_locations is None:
        return None
    for place in found.submodule_search_locations:
        if (Path(place) / "iron").is_dir() and Path(place) != EMBEDDED_AIE:
            return place
    return None


def _why_no_device() -> str | None:
    """Why pyxrt opens no device, or None if it opens one."""
    if importlib.util.find_spec("pyxrt") is None:
        return "pyxrt is not"
    try:
        import pyxrt

        pyxrt.device(0)
    except Exception as failure:  # pyxrt raises what the driver reports, of no common class
        return f"pyxrt opens no device: {failure}"
    return None


_CHOICE = choose()
register(_CHOICE)
