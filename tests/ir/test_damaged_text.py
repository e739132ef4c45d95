"""Whatever stands in a file, what leaves the reader is a module or a `DesignError` with a line."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, verify_module

SAMPLES = sorted((Path(__file__).parent / "samples").rglob("*.mlir"))
INSERTIONS = ["", " ", "(", ")", "{", "}", "<", ">", "%x", "@y", "^bb1", ",", "-1", "0", '"', "i8"]


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """The text of a sample with one stretch of it replaced."""
    text = draw(st.sampled_from(SAMPLES)).read_text()
    start = draw(st.integers(0, len(text)))
    length = draw(st.integers(0, 12))
    return text[:start] + draw(st.sampled_from(INSERTIONS)) + text[start + length :]


@given(text=damaged_texts())
def test_damaged_text_is_refused_with_its_line_or_read(text: str) -> None:
    refusal = refusal_of(text)
    if refusal is None:
        return
    assert refusal.at is not None
    assert refusal.at.file == "damaged.mlir"
    assert 1 <= refusal.at.line <= text.count("\n") + 1
    assert refusal.at.column >= 1


def refusal_of(text: str) -> DesignError | None:
    """Why a text is no valid module; None if it is one. Any other exception is a defect."""
    try:
        verify_module(parse_module(text, "damaged.mlir"))
    except DesignError as error:
        return error
    return None


def test_text_that_nests_too_deeply_is_refused() -> None:
    refusal = refusal_of("module {\n" + "scf.execute_region {\n" * 5000)
    assert refusal is not None
    assert refusal.what == "the module nests too deeply to be read"


def test_an_open_quote_takes_no_longer_than_its_line() -> None:
    # xDSL's own pattern would try 2**200 ways to split this line.
    refusal = refusal_of('module {\n  "' + "a" * 200 + "\n}\n")
    assert str(refusal) == ("damaged.mlir:2:3: End of file reached before closing string literal.")
