"""Whatever stands in a file, what leaves the reader is a module or a `DesignError` with a line.

And what becomes of the module that is left of a damaged one: a plan, or a `DesignError` as well.
"""

import re
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, verify_module
from ironbird.session.lowering import lower_to_plan
from tests.ir.test_refusals_of_upstream import time_limit

FOLDER = Path(__file__).parent
SAMPLES = sorted([*(FOLDER / "samples").rglob("*.mlir"), *(FOLDER / "invalid").glob("*.mlir")])
INSERTIONS = ["", " ", "(", ")", "{", "}", "<", ">", "%x", "@y", "^bb1", ",", "-1", "0", '"', "i8"]
LONGEST_SECONDS = 5
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[%@^#!]?[A-Za-z0-9_$.-]+|//[^\n]*|\s+|.')


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """The text of a sample with one stretch of it replaced."""
    text = draw(st.sampled_from(SAMPLES)).read_text()
    start = draw(st.integers(0, len(text)))
    length = draw(st.integers(0, 12))
    return text[:start] + draw(st.sampled_from(INSERTIONS)) + text[start + length :]


@st.composite
def damaged_tokens(draw: st.DrawFn) -> str:
    """The text of a sample with a few tokens left out, doubled, exchanged or taken from another."""
    tokens = list(tokens_of(draw(st.sampled_from(SAMPLES))))
    for _ in range(draw(st.integers(1, 3))):
        here, there = (draw(st.sampled_from(words_of(tuple(tokens)))) for _ in range(2))
        match draw(st.sampled_from(["leave out", "double", "exchange", "replace", "number"])):
            case "leave out":
                tokens[here] = ""
            case "double":
                tokens[here] += " " + tokens[here]
            case "exchange":
                tokens[here], tokens[there] = tokens[there], tokens[here]
            case "replace":
                tokens[here] = draw(st.sampled_from(tokens_of(draw(st.sampled_from(SAMPLES)))))
            case "number":
                numbers = [n for n, token in enumerate(tokens) if token.isdecimal()] or [here]
                tokens[draw(st.sampled_from(numbers))] = str(draw(NUMBERS))
    return "".join(tokens)


NUMBERS = st.one_of(
    st.integers(-(2**65), 2**65), st.sampled_from([0, -1, 63, 64, 255, 256, 1023, 1024, 65536])
)


@cache
def tokens_of(sample: Path) -> tuple[str, ...]:
    """The tokens of a sample and the white space between them."""
    return tuple(TOKEN.findall(sample.read_text()))


@cache
def words_of(tokens: tuple[str, ...]) -> list[int]:
    """Which of the tokens are no white space and no remark."""
    found = [n for n, token in enumerate(tokens) if token.strip() and not token.startswith("//")]
    return found or [0]


@given(text=damaged_texts())
def test_damaged_text_is_refused_with_its_line_or_read(text: str) -> None:
    assert_line(refusal_of(text), text)


@given(text=damaged_tokens())
def test_damaged_tokens_are_refused_with_their_line_or_become_a_plan(text: str) -> None:
    with time_limit(LONGEST_SECONDS):
        assert_line(refusal_of(text) or refusal_of_plan(text), text)


def assert_line(refusal: DesignError | None, text: str) -> None:
    """A refusal names a line and a column of the text."""
    if refusal is None:
        return
    assert refusal.at is not None, refusal
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


def refusal_of_plan(text: str) -> DesignError | None:
    """Why a valid module does not become a plan."""
    try:
        lower_to_plan(parse_module(text, "damaged.mlir"))
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
