"""A document's blocks: its named files, and the commands it shows with their output.

A block ```python title="NAME"``` is a file, of any language. In a ```console``` block, `$ COMMAND`
is run beside those files and what follows must be what it prints, where `...` stands for anything
within a line and a line `...` for any lines.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Session:
    """One command of a console block and the output the document shows for it."""

    command: str
    shown: str


@dataclass(frozen=True)
class Document:
    """A Markdown file."""

    path: Path

    def files(self) -> dict[str, str]:
        """Its named files."""
        blocks = FENCE.findall(self.path.read_text(encoding="utf-8"))
        return {name: body for _, name, body in blocks if name}

    def sessions(self) -> list[Session]:
        """Every command it shows with its output, in order."""
        found = []
        for language, _, body in FENCE.findall(self.path.read_text(encoding="utf-8")):
            if language != "console":
                continue
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                found.append(Session(command, shown.strip("\n")))
        return found

    def write_files(self, folder: Path) -> None:
        """Put the named files below `folder`."""
        for name, body in self.files().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(body, encoding="utf-8")


def as_pattern(shown: str) -> str:
    """A regular expression for output in which `...` stands for anything."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in shown.splitlines()
    ]
    return "".join(lines)


def assert_prints(session: Session, folder: Path, **environment: str) -> None:
    """Run the command in `folder` with this Python, and compare all it prints."""
    program, *arguments = shlex.split(session.command)
    assert program == "python", "console blocks start with `python`"
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        env=os.environ | {"COLUMNS": "120"} | environment,
    )
    assert re.fullmatch(as_pattern(session.shown), ran.stdout), ran.stdout
