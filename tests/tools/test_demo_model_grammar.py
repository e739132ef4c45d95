"""The demo model's sentences: their numbers, their sides, and their tokens."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.demo_model import grammar
from tools.demo_model import vocabulary as tokens
from tools.demo_model.vocabulary import (
    END_OF_TEXT,
    FIRST_TIMESTAMP,
    TOKEN_COUNT,
    whisper_vocabulary,
)
from whisper_pipeline.tokenizer import tokenizer_for

SMALL = dict(zip(grammar.ONES + grammar.TEENS, range(20), strict=True))
TENS = dict(zip(grammar.TENS, range(20, 100, 10), strict=True))

sentences = st.integers(0, 2**32).map(lambda seed: grammar.sentence(random.Random(seed)))


@given(st.integers(0, 999))
def test_a_number_in_words_can_be_read_back(number: int) -> None:
    total = 0
    for word in grammar.number_in_words(number).replace("-", " ").replace(" and ", " ").split():
        total = total * 100 if word == "hundred" else total + (SMALL | TENS)[word]
    assert total == number


@pytest.mark.parametrize("number", [-1, 1000])
def test_a_number_without_a_name_is_refused(number: int) -> None:
    refusal = rf"^{number} has no name here; the grammar counts from 0 to 999$"
    with pytest.raises(ValueError, match=refusal):
        grammar.number_in_words(number)


@given(st.integers(0, 2**32))
def test_no_sentence_is_on_both_sides(seed: int) -> None:
    chooser = random.Random(seed)
    assert not grammar.is_for_evaluation(grammar.training_sentence(chooser))
    assert grammar.is_for_evaluation(grammar.evaluation_sentence(chooser))


def test_one_sentence_in_twenty_is_kept_for_the_evaluation() -> None:
    chooser = random.Random(5)
    texts = {grammar.sentence(chooser) for _ in range(20_000)}
    kept = sum(map(grammar.is_for_evaluation, texts)) / len(texts)
    assert 0.04 < kept < 0.06


@given(sentences)
def test_pieces_lose_nothing_and_are_all_known(text: str) -> None:
    found = grammar.pieces(text)
    assert "".join(found) == " " + text
    assert set(found) <= set(grammar.all_pieces())


@given(sentences)
def test_every_token_knows_the_character_where_its_piece_begins(text: str) -> None:
    vocabulary = whisper_vocabulary()
    expected = {0} | {place for place in range(1, len(text)) if text[place - 1] == " "}
    places = [place for _, place in vocabulary.encode(text)]
    assert expected <= set(places)
    assert places == sorted(places)
    assert all(0 <= row < vocabulary.text_count for row, _ in vocabulary.encode(text))


def test_rows_are_text_then_specials_then_timestamps_then_the_rest() -> None:
    vocabulary = whisper_vocabulary()
    assert vocabulary.ids[: vocabulary.text_count] == sorted(
        {token for token in vocabulary.ids if token < END_OF_TEXT}
    )
    assert vocabulary.ids[vocabulary.first_timestamp :] == list(range(FIRST_TIMESTAMP, TOKEN_COUNT))
    assert len(vocabulary.ids) + vocabulary.unused_count == TOKEN_COUNT
    assert vocabulary.timestamp(30.0) == vocabulary.row[TOKEN_COUNT - 1]
    assert vocabulary.timestamp(0.029) == vocabulary.row[FIRST_TIMESTAMP] + 1


def test_the_table_of_tokens_is_what_the_tokenizer_writes() -> None:
    tokenizer = tokenizer_for(TOKEN_COUNT, language="en", task="transcribe")
    vocabulary = whisper_vocabulary()
    chooser = random.Random(1)
    for _ in range(200):
        text = grammar.sentence(chooser)
        tokens = [vocabulary.ids[row] for row, _ in vocabulary.encode(text)]
        assert tokens == tokenizer.encode(" " + text), text


def test_the_special_tokens_are_those_of_the_tokenizer() -> None:
    tokenizer = tokenizer_for(TOKEN_COUNT, language="en", task="transcribe")
    start = (tokens.START_OF_TRANSCRIPT, tokens.ENGLISH, tokens.TRANSCRIBE)
    assert tokenizer.start_sequence == start
    assert tokenizer.end_of_text == tokens.END_OF_TEXT
    assert tokenizer.start_of_previous == tokens.START_OF_PREVIOUS
    assert tokenizer.no_speech == tokens.NO_SPEECH
    assert tokenizer.no_timestamps == tokens.NO_TIMESTAMPS
    assert tokenizer.first_timestamp == tokens.FIRST_TIMESTAMP
