"""Tokens, words and special ids agree with openai-whisper's, recorded and live."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ironbird.base.errors import UsageError
from tools.whisper_goldens.tokens import SIZES, TEXTS
from whisper_pipeline.byte_pairs import pieces
from whisper_pipeline.languages import language_code
from whisper_pipeline.tokenizer import Tokenizer, tokenizer_for

# openai-whisper leaves its vocabulary files to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

RECORDED = json.loads((Path(__file__).parent / "goldens" / "tokens.json").read_text())

TEXT = st.text() | st.text(alphabet=" \n\t'abst1²é一½Ⅷ\u3000\x1c\u0301_-漢字ñ.!\u2028\xa0")


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def german(size: int) -> Tokenizer:
    return tokenizer_for(size, language="German", task="translate")


def openai_tokenizer(size: int) -> Any:
    from whisper.tokenizer import get_tokenizer

    multilingual, languages = SIZES[size]
    return get_tokenizer(multilingual, num_languages=languages, language="de", task="translate")


def test_recorded_tokens(size: int) -> None:
    tokenizer, recorded = german(size), RECORDED[str(size)]
    assert [tokenizer.encode(text) for text in TEXTS] == recorded["encoded"]
    words = [list(tokenizer.split_to_words(tokens)) for tokens in recorded["encoded"]]
    assert words == recorded["words"]
    assert list(tokenizer.not_speech_tokens) == recorded["not_speech"]
    assert list(tokenizer.start_sequence) == recorded["start"]
    for name, token in recorded["specials"].items():
        assert tokenizer.specials[name] == token
    assert tokenizer.specials["<|30.00|>"] == size - 1


def test_every_special_token(openai_whisper: ModuleType, size: int) -> None:
    theirs = openai_tokenizer(size)
    assert german(size).specials == theirs.special_tokens


@given(text=TEXT)
def test_encoding_agrees_with_tiktoken(openai_whisper: ModuleType, text: str) -> None:
    assume("<|" not in text)
    for size in SIZES:
        assert german(size).encode(text) == openai_tokenizer(size).encode(text)


@given(tokens=st.lists(st.integers(0, 51863), max_size=12))
def test_decoding_and_words_agree_with_openai_whisper(
    openai_whisper: ModuleType, tokens: list[int]
) -> None:
    for size in SIZES:
        ours, theirs = german(size), openai_tokenizer(size)
        assert ours.decode(tokens) == theirs.decode(tokens)
        try:
            words = theirs.split_to_word_tokens(tokens)
        except IndexError:  # theirs, where the tokens end in the middle of a character
            continue
        assert ours.split_to_words(tokens) == words


@given(text=TEXT)
def test_pieces_make_up_the_text_and_encoding_is_reversible(text: str) -> None:
    assert "".join(pieces(text)) == text
    assume("<|" not in text)
    for size in SIZES:
        assert german(size).decode(german(size).encode(text)) == text


def test_languages_without_spaces_split_into_characters() -> None:
    tokenizer = tokenizer_for(51866, language="ja")
    tokens = tokenizer.encode("日本語の")
    words, word_tokens = tokenizer.split_to_words(tokens)
    assert "".join(words) == "日本語の"
    assert [token for own in word_tokens for token in own] == tokens
    assert len(words) > 1


def test_an_unfinished_character_is_no_word() -> None:
    tokenizer = tokenizer_for(51865)
    assert tokenizer.split_to_characters([156, 94]) == (["\ufffd"], [[156]])


def test_languages_by_code_name_and_alias() -> None:
    assert [language_code(name) for name in ("de", "German", "CASTILIAN")] == ["de", "de", "es"]
    with pytest.raises(UsageError) as found:
        language_code("germn")
    assert str(found.value) == (
        "the language 'germn' is not known\n"
        "  because: Whisper knows 100 languages\n"
        "  try: one of german, georgian"
    )


def test_cantonese_needs_the_newest_vocabulary() -> None:
    assert tokenizer_for(51866, language="yue").language == "yue"
    with pytest.raises(UsageError) as found:
        tokenizer_for(51865, language="yue")
    assert str(found.value) == (
        "the language 'yue' has no token in this model\n"
        "  because: its vocabulary holds 99 languages\n"
        "  try: large-v3 or turbo, whose vocabulary holds 100"
    )


def test_refusals() -> None:
    with pytest.raises(UsageError) as found:
        tokenizer_for(50000)
    assert str(found.value) == (
        "a vocabulary of 50000 tokens is not one of Whisper's\n"
        "  because: 51864 (English only), 51865 (99 languages), 51866 (100 languages)"
    )
    with pytest.raises(UsageError) as found:
        tokenizer_for(51865, task="sing")
    assert str(found.value) == "the task 'sing' is not known\n  try: transcribe or translate"
    with pytest.raises(UsageError) as found:
        tokenizer_for(51865).encode("say <|nospeech|>")
    assert str(found.value) == (
        "the text 'say <|nospeech|>' spells the special token <|nospeech|>\n"
        "  try: leave it out; special tokens are set by options"
    )
