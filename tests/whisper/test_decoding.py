"""Filters, choosers and decoding agree with openai-whisper's, recorded and live."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.errors import UsageError
from tools.whisper_goldens.filters import (
    CASES,
    FILE,
    SAMPLE_BEGIN,
    drawn_case,
    left_over,
    openai_filters,
)
from tools.whisper_goldens.random_model import (
    random_checkpoint,
    random_features,
    small_dimensions,
)
from tools.whisper_goldens.scripted_model import ScriptedModel
from tools.whisper_goldens.torch_model import torch_model
from whisper_pipeline.decoding import compression_ratio, decode, initial_tokens
from whisper_pipeline.decoding_options import DecodingOptions
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.language_detection import detect_language
from whisper_pipeline.logit_filters import (
    LogitFilter,
    SuppressBlank,
    SuppressTokens,
    TimestampRules,
    suppressed_tokens,
)
from whisper_pipeline.model import Whisper
from whisper_pipeline.ops import Array
from whisper_pipeline.token_choice import BeamSearch, Greedy, best_of
from whisper_pipeline.tokenizer import Tokenizer, tokenizer_for

# openai-whisper leaves its vocabulary files open, and hands tensors to numpy's argsort.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning"),
]

RECORDED = json.loads((Path(__file__).parent / "goldens" / FILE).read_text())


def our_filters(tokenizer: Tokenizer, last_initial: int | None) -> list[LogitFilter]:
    return [
        SuppressBlank(tokenizer, SAMPLE_BEGIN),
        SuppressTokens(np.array(tokenizer.not_speech_tokens)),
        TimestampRules(tokenizer, SAMPLE_BEGIN, last_initial),
    ]


def test_filters_leave_the_recorded_logits() -> None:
    checksums = []
    for seed in range(CASES):
        tokenizer, logits, tokens = drawn_case(seed)
        for logit_filter in our_filters(tokenizer, 50 if seed % 2 else None):
            logit_filter.apply(logits, tokens)
        checksums.append(left_over(logits))
    assert checksums == RECORDED


@given(seed=st.integers(1_000, 2**32), last_initial=st.none() | st.integers(0, 1500))
def test_filters_are_bit_equal_to_openai_whispers(
    openai_whisper: ModuleType, seed: int, last_initial: int | None
) -> None:
    import torch

    tokenizer, logits, tokens = drawn_case(seed)
    theirs = torch.tensor(logits)
    pairs = zip(
        our_filters(tokenizer, last_initial), openai_filters(tokenizer, last_initial), strict=True
    )
    for ours, other in pairs:
        ours.apply(logits, tokens)
        other.apply(theirs, torch.tensor(tokens))
        assert np.array_equal(logits, theirs.numpy())


def test_suppressed_tokens() -> None:
    tokenizer = tokenizer_for(51865)
    specials = {50258, 50358, 50359, 50360, 50361, 50362}
    assert set(suppressed_tokens([-1], tokenizer)) == specials | set(tokenizer.not_speech_tokens)
    assert set(suppressed_tokens([7], tokenizer)) == specials | {7}
    with pytest.raises(UsageError) as found:
        suppressed_tokens([51865], tokenizer)
    assert str(found.value) == (
        "the token 51865 cannot be suppressed\n  because: the vocabulary has 51865 tokens"
    )


@pytest.mark.parametrize(
    "options",
    [
        {"sample_len": 12},
        {"language": "de", "prompt": "Hello there", "beam_size": 3, "sample_len": 12},
        {"beam_size": 2, "patience": 2.0, "length_penalty": 0.5, "sample_len": 9},
        {"without_timestamps": True, "prefix": "Well", "sample_len": 12, "suppress_tokens": ""},
        {"temperature": 0.7, "best_of": 3, "sample_len": 12},
    ],
    ids=["plain", "beams", "patience", "text_only", "sampled"],
)
def test_decoding_agrees_with_openai_whisper(
    openai_whisper: ModuleType, options: dict[str, Any]
) -> None:
    import torch

    from tools.whisper_goldens.openai_stand_in import shared_chance

    checkpoint = random_checkpoint(small_dimensions(), seed=3)
    features = random_features(checkpoint.dimensions, 2)
    reference, model = torch_model(checkpoint), Whisper(checkpoint, HostOps())
    for window in features:  # theirs takes one window at a time where there are candidates
        with shared_chance(0):
            other = reference.decode(
                torch.tensor(window), openai_whisper.DecodingOptions(fp16=False, **options)
            )
        audio, random = model.encode(window[None]), np.random.default_rng(0)
        (mine,) = decode(model, audio, 1, DecodingOptions(**options), random)
        assert (mine.tokens, mine.text, mine.language) == (other.tokens, other.text, other.language)
        assert mine.avg_logprob == pytest.approx(other.avg_logprob, abs=1e-4)
        assert mine.no_speech_prob == pytest.approx(other.no_speech_prob, rel=1e-3)
        assert mine.compression_ratio == other.compression_ratio


def test_language_detection_counts_languages_only() -> None:
    model = ScriptedModel(0)
    found = detect_language(model, np.array([3, 9]), 2)
    assert [len(chances) for chances in found] == [99, 99]
    assert [sum(chances.values()) for chances in found] == pytest.approx([1, 1])
    with pytest.raises(UsageError) as refused:
        detect_language(ScriptedModel(0, 51864), np.array([0]), 1)
    assert str(refused.value) == (
        "an English-only model cannot detect the language\n  try: language='en'"
    )


def test_windows_decoded_together_are_as_if_alone() -> None:
    model, options = ScriptedModel(5), DecodingOptions(language="en", beam_size=2)
    windows = np.array([10, 250, 4_000])
    together = decode(model, windows, 3, options, np.random.default_rng(0))
    for place, result in enumerate(together):
        alone = decode(model, windows[place : place + 1], 1, options, np.random.default_rng(0))
        assert alone == [result]


def test_what_the_model_is_given_first() -> None:
    tokenizer = tokenizer_for(51865)
    start = list(tokenizer.start_sequence)

    def given_first(**options: Any) -> list[int]:
        return list(initial_tokens(DecodingOptions(**options), tokenizer, 448))

    assert given_first() == start
    assert given_first(without_timestamps=True) == [*start, tokenizer.no_timestamps]
    assert given_first(prompt=range(300)) == [tokenizer.start_of_previous, *range(77, 300), *start]
    assert given_first(prefix=[1, 2, 3], sample_len=222) == [*start, 2, 3]
    assert given_first(prefix=range(300)) == [*start, *range(300)]
    for name, token in (("prefix", 51865), ("prompt", -1)):
        with pytest.raises(UsageError) as found:
            given_first(**{name: [7, token]})
        assert str(found.value) == (
            f"the token {token} does not exist\n  because: the vocabulary has 51865 tokens"
        )


def row(*favoured: tuple[int, float]) -> Array:
    """Logits of ten tokens."""
    logits = np.full(10, -5, np.float32)
    for token, logit in favoured:
        logits[token] = logit
    return logits


def test_greedy_sums_stop_at_the_end() -> None:
    chooser = Greedy(2, 1, 9, 0.0, np.random.default_rng(0))
    tokens = np.array([[0], [0]])
    choice = chooser.choose(tokens, np.stack([row((9, 5)), row((1, 5))]))
    assert not choice.finished
    once = [total for ((_, total),) in chooser.candidates(choice.tokens)]
    choice = chooser.choose(choice.tokens, np.stack([row((3, 5)), row((9, 5))]))
    assert choice.finished
    assert choice.tokens.tolist() == [[0, 9, 9], [0, 1, 9]]
    assert [total for ((_, total),) in chooser.candidates(choice.tokens)] == [once[0], 2 * once[1]]


def test_beams_follow_their_sources_and_finish() -> None:
    chooser = BeamSearch(1, 2, 9, None)
    choice = chooser.choose(np.array([[0], [0]]), np.stack([row((1, 5), (2, 4))] * 2))
    assert choice.tokens.tolist() == [[0, 1], [0, 2]]
    choice = chooser.choose(choice.tokens, np.stack([row((9, 0), (3, 0)), row((4, 9), (9, 7))]))
    assert choice.tokens.tolist() == [[0, 1, 3], [0, 2, 4]]
    assert list(choice.source_rows) == [0, 1]
    assert not choice.finished
    (candidates,) = chooser.candidates(choice.tokens)
    assert [text for text, _ in candidates] == [[0, 1, 9], [0, 1, 3, 9]]


def test_the_best_candidate_depends_on_the_penalty() -> None:
    candidates = [([], -2.0), ([], -3.0)]
    assert best_of(candidates, [2, 4], None) == 1
    assert best_of(candidates, [2, 4], 0.0) == 0
    assert best_of([([], 0.0)], [0], None) == 0


def test_repetitions_compress() -> None:
    assert compression_ratio("") == 0
    assert compression_ratio("so " * 100) > 10 > 2 > compression_ratio("a brown fox jumps")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"beam_size": 2, "best_of": 2}, "beam_size and best_of exclude each other"),
        ({"best_of": 2}, "best_of needs a temperature above 0: at 0 all candidates are equal"),
        ({"patience": 1.0}, "patience needs beam_size"),
        ({"length_penalty": 2.0}, "length_penalty=2.0 is not between 0 and 1"),
        ({"temperature": -1.0}, "temperature=-1.0 is not a number from 0 on"),
        (
            {"suppress_tokens": "a"},
            "suppress_tokens='a' is not a list of token ids\n"
            "  try: ids with commas between them, such as -1,220",
        ),
        ({"beam_size": 0}, "beam_size=0 is below 1"),
        ({"beam_size": 2, "patience": 0.1}, "beam_size=2 with patience=0.1 keeps no candidate"),
    ],
)
def test_options_that_contradict_each_other(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError) as found:
        DecodingOptions(**options)
    assert str(found.value) == problem
