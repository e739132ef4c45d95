"""The README's blocks, executed: its files are written, its commands run, its output compared."""

from pathlib import Path

import pytest

from tests.readme.documents import Document, Session, assert_prints

README = Document(Path(__file__).parents[2] / "README.md")


def test_the_readme_has_a_design_and_a_failure() -> None:
    assert set(README.files()) == {"triple.py", "stuck.py"}
    assert len(README.sessions()) == 3


@pytest.mark.full
@pytest.mark.parametrize("session", README.sessions(), ids=lambda session: session.command)
def test_a_command_prints_what_the_readme_shows(session: Session, tmp_path: Path) -> None:
    README.write_files(tmp_path)
    assert_prints(session, tmp_path)
