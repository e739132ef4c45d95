"""The README's blocks, executed: its files are written, its commands run, its output compared.

A block ```python title="NAME"``` is a file. In a ```console``` block, `$ COMMAND` is run beside
those files and what follows must be what it prints, where `...` stands for anything within a line
and a line `...` for any lines.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

README = Path(__file__).parent.parent.parent / "README.md"
FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Session:
    """One command of a console block and the output the README shows for it."""

    command: str
    shown: str


def files() -> dict[str, str]:
    """The README's named files."""
    return {name: body for language, name, body in FENCE.findall(README.read_text()) if name}


def sessions() -> list[Session]:
    """Every command the README shows with its output, in order."""
    found = []
    for language, _, body in FENCE.findall(README.read_text()):
        if language != "console":
            continue
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append(Session(command, shown.strip("\n")))
    return found


def as_pattern(shown: str) -> str:
    """A regular expression for output in which `...` stands for anything."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in shown.splitlines()
    ]
    return "".join(lines)


def test_the_readme_has_a_design_and_a_failure() -> None:
    assert set(files()) == {"triple.py", "stuck.py"}
    assert len(sessions()) == 3


@pytest.mark.full
@pytest.mark.parametrize("session", sessions(), ids=lambda session: session.command)
def test_a_command_prints_what_the_readme_shows(session: Session, tmp_path: Path) -> None:
    for name, body in files().items():
        (tmp_path / name).write_text(body)
    program, *arguments = session.command.split()
    assert program == "python", "the README's console blocks start with `python`"
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        env=os.environ | {"COLUMNS": "120"},
    )
    assert re.fullmatch(as_pattern(session.shown), ran.stdout), ran.stdout
