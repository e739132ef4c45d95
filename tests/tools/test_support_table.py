"""`designs/README.md` is what the command writes.

The first case of every design is run for it; what other cases came to is read from the file.
"""

from typing import Any

import pytest

from designs.catalog import CATALOG
from tools import support_table as tool
from tools.support_table import README, Measured, committed, measured, support_table

MADE_ANEW = "run: python -m tools.support_table"


def test_the_readme_is_what_the_command_makes_of_the_results_in_it() -> None:
    said = committed()
    absent = Measured("not in the file", "")
    text = support_table(lambda name, case: said.get((name, case.name), absent))
    assert README.read_text(encoding="utf-8") == text, MADE_ANEW


@pytest.mark.full
@pytest.mark.parametrize("name", CATALOG)
def test_the_first_case_still_comes_to_what_the_readme_says(name: str) -> None:
    case = CATALOG[name].CASES[0]
    assert measured(name, case) == committed()[name, case.name], f"{MADE_ANEW} {name}"


def test_only_what_is_named_or_absent_is_run(tmp_path: Any, monkeypatch: Any, capsys: Any) -> None:
    copy = tmp_path / "README.md"
    lines = README.read_text(encoding="utf-8").splitlines(keepends=True)
    copy.write_text("".join(line for line in lines if not line.startswith("| gelu | ragged |")))
    ran = []

    def noted(name: str, case: Any) -> Measured:
        ran.append((name, case.name))
        return Measured("exact", "7")

    monkeypatch.setattr(tool, "README", copy)
    monkeypatch.setattr(tool, "measured", noted)
    assert tool.main(["scale"]) == 0
    expected = [("scale", case.name) for case in CATALOG["scale"].CASES]
    assert ran == [*expected, ("gelu", "ragged")]
    assert "gelu ragged: exact, 7 cycles" in capsys.readouterr().err
    changed = [line for line in copy.read_text().splitlines() if line.endswith("| exact | 7 |")]
    assert [tuple(line.strip("| ").split(" | ")[:2]) for line in changed] == ran


def test_an_unknown_design_is_refused(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        tool.main(["glue"])
    assert capsys.readouterr().err.splitlines()[-1] == (
        "python -m tools.support_table: error: there is no design 'glue'; there are "
        + ", ".join(CATALOG)
    )
