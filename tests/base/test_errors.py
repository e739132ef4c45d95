"""Messages carry the place, the numbers and the remedy, in that order."""

from pathlib import Path

import pytest

from ironbird.base.errors import DesignError
from ironbird.base.findings import Finding, FindingKind
from ironbird.base.source_line import SourceLine, author_line


def test_a_message_has_a_line_for_each_part() -> None:
    error = DesignError(
        "ObjectFifo 'x_in' does not fit the memory of tile (0, 2)",
        at=SourceLine("/elsewhere/axpy.py", 31),
        because="2 buffers x 49152 bytes = 98304; 64512 bytes are free",
        fix="buffers of at most 32256 bytes",
    )
    assert str(error) == (
        "/elsewhere/axpy.py:31: ObjectFifo 'x_in' does not fit the memory of tile (0, 2)\n"
        "  because: 2 buffers x 49152 bytes = 98304; 64512 bytes are free\n"
        "  try: buffers of at most 32256 bytes"
    )


def test_a_message_leaves_out_what_is_not_known() -> None:
    assert str(DesignError("no device")) == "no device"


def test_a_design_error_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"^no device$"):
        raise DesignError("no device")


def test_a_finding_names_its_kind() -> None:
    finding = Finding(kind=FindingKind.DEADLOCK, what="nobody moves", at=SourceLine("/a/b.py", 3))
    assert str(finding) == "/a/b.py:3: deadlock: nobody moves"


def test_a_place_below_the_working_directory_is_shown_relative(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(SourceLine(str(tmp_path / "designs" / "axpy.py"), 31, 4)) == "designs/axpy.py:31:4"


def test_the_authors_line_is_the_callers() -> None:
    here = author_line()
    assert Path(here.file) == Path(__file__)
    assert Path(__file__).read_text().splitlines()[here.line - 1].strip() == "here = author_line()"
