"""Where the C++ of a kernel comes from, and how its author wants it compiled."""

from dataclasses import dataclass, field
from pathlib import Path

from ironbird.base.source_line import SourceLine


@dataclass(frozen=True, kw_only=True)
class KernelSource:
    """One object file to be: `object_file` is what `link_with` names.

    Either `path` or `text` is set. include_directories are searched in order; flags are the
    author's (`-DDIM_M=64`), after ours.
    """

    object_file: str
    path: Path | None = None
    text: str | None = None
    include_directories: tuple[Path, ...] = ()
    flags: tuple[str, ...] = ()
    at: SourceLine | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if (self.path is None) == (self.text is None):
            raise ValueError(
                f"kernel object {self.object_file!r} needs a source path or a source text, not "
                f"{'neither' if self.path is None else 'both'}"
            )
