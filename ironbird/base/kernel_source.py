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

    def author_line_of(self, line: int) -> SourceLine | None:
        """Where line `line` of the text stands in the author's file.

        `at` where the file does not show the text as it is: it was put together, or escaped.
        """
        if self.at is None or self.text is None:
            return self.at
        try:
            written = Path(self.at.file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return self.at
        first = written.find(self.text.strip())
        if not self.text.strip() or first < 0:
            return self.at
        blank_lines = self.text[: len(self.text) - len(self.text.lstrip())].count("\n")
        return SourceLine(self.at.file, written[:first].count("\n") + line - blank_lines)
