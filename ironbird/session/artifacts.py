"""What a build leaves behind, under the names that callers of `compile()` use."""

from dataclasses import dataclass
from pathlib import Path

from ironbird.session.compile import Executable


@dataclass(frozen=True)
class Artifacts:
    """The files of one built design.

    library: what the simulator loads, machine code of this host. source: the C++ it was made of.
    """

    library: Path
    source: Path

    @classmethod
    def of(cls, executable: Executable) -> "Artifacts":
        """Those of an executable; they lie in the cache and belong to it."""
        directory = executable.built.directory
        return cls(directory / "design.so", directory / "design.cpp")
