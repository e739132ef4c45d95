"""What Python programs hand to `transcribe` by mistake: each is refused before it is computed."""

from typing import Any

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.scripted_model import ScriptedModel
from whisper_pipeline import detect_language, load_model, transcribe
from whisper_pipeline.decoding import initial_tokens
from whisper_pipeline.decoding_options import DecodingOptions
from whisper_pipeline.tokenizer import tokenizer_for
from whisper_pipeline.transcription import features_of
from whisper_pipeline.transcription_options import TranscriptionOptions

pytest.importorskip("safetensors", reason="safetensors, of the extra `whisper`, reads the model")

AUDIO = np.zeros(16_000, np.float32)
NOT_AUDIO = (
    "the array is not audio\n  because: {}\n"
    "  try: floats of -1 to 1 at 16 kHz: integers over 32768, the mean of channels"
)


@pytest.mark.parametrize(
    ("array", "problem"),
    [
        (np.zeros(9, np.int16), "it is of int16"),
        (np.zeros(9, bool), "it is of bool"),
        (np.zeros(9, np.complex64), "it is of complex64"),
        (np.zeros((9, 2), np.float32), "its shape is [9, 2]"),
        (np.zeros((), np.float32), "its shape is []"),
        (np.array([0, np.nan, np.inf], np.float32), "2 of its numbers are not finite"),
    ],
)
def test_arrays_that_are_not_audio(array: Any, problem: str) -> None:
    for call in (transcribe, detect_language):
        with pytest.raises(UsageError) as found:
            call(array, ScriptedModel(1))
        assert str(found.value) == NOT_AUDIO.format(problem)


@pytest.mark.parametrize("dtype", [np.float16, np.float64, ">f4"])
def test_floats_of_any_size_are_audio(dtype: Any) -> None:
    tone = np.sin(np.arange(16_000) / 4).astype(np.float16)
    model = load_model("demo")
    expected = features_of(model, tone.astype(np.float32))
    assert np.array_equal(features_of(model, tone.astype(dtype)), expected)


def test_no_samples_are_no_text() -> None:
    found = transcribe(AUDIO[:0], ScriptedModel(1), language="en")
    assert found == {"text": "", "segments": [], "language": "en"}


@pytest.mark.parametrize("model", [None, b"demo", AUDIO], ids=["None", "bytes", "array"])
def test_what_is_no_model(model: Any) -> None:
    for call in (transcribe, detect_language):
        with pytest.raises(UsageError) as found:
            call(AUDIO, model)
        assert str(found.value) == (
            f"the model is a {type(model).__name__}\n  try: what load_model returns, or its path"
        )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"beam_sise": 5},
            "transcribe has no option 'beam_sise'\n  try: one of beam_size, batch_size",
        ),
        ({"temperature": "0"}, "temperature='0' is not of type float or a sequence of float"),
        ({"temperature": True}, "temperature=True is not of type float or a sequence of float"),
        ({"beam_size": "5"}, "beam_size='5' is not of type int or None"),
        ({"best_of": 2.5}, "best_of=2.5 is not of type int or None"),
        ({"batch_size": None}, "batch_size=None is not of type int"),
        ({"word_timestamps": "no"}, "word_timestamps='no' is not of type bool"),
        ({"initial_prompt": [1]}, "initial_prompt=[1] is not of type str or None"),
        (
            {"suppress_tokens": [1.5]},
            "suppress_tokens=[1.5] is not of type str or a sequence of int or None",
        ),
        (
            {"max_initial_timestamp": -1},
            "max_initial_timestamp=-1 is not a time from 0 on",
        ),
        (
            {"max_initial_timestamp": np.nan},
            "max_initial_timestamp=nan is not a time from 0 on",
        ),
        (
            {"beam_size": 5, "temperature": 0, "patience": np.inf},
            "patience=inf is not a number above 0",
        ),
        (
            {"language": ""},
            "the language '' is not known\n  because: Whisper knows 100 languages\n"
            "  try: a code such as en, or a name such as german",
        ),
        (
            {"prefix": [-1], "language": "en"},
            "the token -1 does not exist\n  because: the vocabulary has 51865 tokens",
        ),
        ({"seed": -1, "language": "en"}, "seed=-1 is below 0"),
    ],
)
def test_options_of_a_wrong_kind(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as found:
        transcribe(AUDIO, ScriptedModel(1), **options)
    assert str(found.value) == said


def test_numbers_of_numpy_are_numbers() -> None:
    options = TranscriptionOptions(temperature=np.float32(0.5), best_of=np.int64(2))
    assert (options.temperatures, options.best_of) == ((0.5,), 2)


def test_a_prefix_beyond_the_context() -> None:
    with pytest.raises(UsageError) as found:
        initial_tokens(DecodingOptions(prefix=[1] * 445), tokenizer_for(51865), 448)
    assert str(found.value) == (
        "the prefix is too long\n"
        "  because: with all that comes before the text it makes 448 tokens; the model has 448 "
        "positions\n  try: a shorter prefix"
    )
    assert len(initial_tokens(DecodingOptions(prefix=[1] * 444), tokenizer_for(51865), 448)) == 447
