"""Errors that name the author's object and line, the number found, the limit, and what to try.

Two kinds leave the package on purpose: `DesignError`, the program is wrong; `UsageError`, the call
is wrong (an option, a tensor, a file). Anything else is a defect of ours.
"""

from ironbird.base.source_line import SourceLine


class IronbirdError(Exception):
    """A message in up to three lines: where and what, because of which numbers, what to try.

    at:      the author's line, or None where there is none.
    because: the number found and the limit it broke.
    fix:     one thing to try.
    """

    def __init__(
        self,
        what: str,
        *,
        at: SourceLine | None = None,
        because: str | None = None,
        fix: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.at = at
        self.because = because
        self.fix = fix

    def __str__(self) -> str:
        return compose_message(self.what, at=self.at, because=self.because, fix=self.fix)


class DesignError(IronbirdError, ValueError):
    """The author's program cannot run on the device. A `ValueError`, as upstream raises."""


class UsageError(IronbirdError, ValueError):
    """The program may be right; what it was called with is not."""


class ToolError(IronbirdError, RuntimeError):
    """A tool outside the package (a compiler, a file system) failed or is missing."""


def compose_message(
    what: str,
    *,
    at: SourceLine | None = None,
    because: str | None = None,
    fix: str | None = None,
) -> str:
    """The text of an error or a finding: `file:line: what`, then `because:` and `try:` lines."""
    lines = [f"{at}: {what}" if at is not None else what]
    if because is not None:
        lines.append(f"  because: {because}")
    if fix is not None:
        lines.append(f"  try: {fix}")
    return "\n".join(lines)
