"""A form's fields become options; what is wrong with them is said, and in which field."""

from collections.abc import Sequence
from typing import Any

import pytest

from whisper_pipeline.server.api_error import ApiError
from whisper_pipeline.server.transcription_request import TranscriptionRequest, request_of
from whisper_pipeline.transcription_options import TranscriptionOptions

MULTILINGUAL, ENGLISH_ONLY = 51865, 51864
FORMATS = "json, text, srt, verbose_json, vtt"

Fields = Sequence[tuple[str, str]]


def asked(
    *fields: tuple[str, str], task: str = "transcribe", vocabulary_size: int = MULTILINGUAL
) -> TranscriptionRequest:
    return request_of(fields, task=task, model_name="small", vocabulary_size=vocabulary_size)


def test_defaults_are_openai_whispers() -> None:
    assert asked(("model", "small")) == TranscriptionRequest(
        options=TranscriptionOptions(), response_format="json", granularities=("segment",)
    )


def test_every_field() -> None:
    found = asked(
        ("model", "whisper-1"),
        ("language", "German"),
        ("prompt", "Names: Ada."),
        ("temperature", "0.25"),
        ("response_format", "verbose_json"),
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities", "segment"),
        ("stream", "false"),
    )
    assert found == TranscriptionRequest(
        options=TranscriptionOptions(
            language="de", initial_prompt="Names: Ada.", temperature=(0.25,), word_timestamps=True
        ),
        response_format="verbose_json",
        granularities=("word", "segment"),
    )


def test_an_empty_field_counts_as_not_given() -> None:
    empty = [(name, "") for name in ("language", "prompt", "temperature", "response_format")]
    assert asked(("model", "small"), *empty) == asked(("model", "small"))


@pytest.mark.parametrize(
    ("fields", "status", "param", "message"),
    [
        ([("model", "")], 400, "model", "You must provide a model parameter."),
        (
            [("model", "large")],
            404,
            "model",
            "The model 'large' does not exist here; 'small' does.",
        ),
        ([("format", "srt")], 400, "format", "Unrecognized request argument supplied: format"),
        (
            [("include[]", "logprobs"), ("speed", "2")],
            *(400, "include[]", "Unrecognized request arguments supplied: include[], speed"),
        ),
        ([("language", "de"), ("language", "fr")], 400, "language", "language is given 2 times."),
        (
            [("stream", "true")],
            *(400, "stream", "stream is not supported: the text comes as a whole."),
        ),
        (
            [("response_format", "tsv")],
            *(400, "response_format", f"'tsv' is not one of {FORMATS}."),
        ),
        (
            [("timestamp_granularities[]", "char"), ("response_format", "verbose_json")],
            *(400, "timestamp_granularities[]", "'char' is not one of segment, word."),
        ),
        (
            [("timestamp_granularities[]", "word"), ("response_format", "srt")],
            *(400, "timestamp_granularities[]"),
            "timestamp_granularities[] needs the response_format verbose_json.",
        ),
        ([("temperature", "warm")], 400, "temperature", "'warm' is not a number."),
        ([("temperature", "1.5")], 400, "temperature", "1.5 is not between 0 and 1."),
        ([("temperature", "nan")], 400, "temperature", "nan is not between 0 and 1."),
        (
            [("language", "germn")],
            *(400, "language", "the language 'germn' is not known\n  because: Whisper knows 100 "),
        ),
        (
            [("language", "yue")],
            *(400, "language", "the language 'yue' has no token in this model\n  because: its vo"),
        ),
    ],
)
def test_what_is_refused(fields: Fields, status: int, param: str, message: str) -> None:
    given = fields if fields[0][0] == "model" else [("model", "small"), *fields]
    with pytest.raises(ApiError) as found:
        asked(*given)
    body = found.value.body["error"]
    assert (found.value.status, body["param"], body["type"]) == (
        status,
        param,
        "invalid_request_error",
    )
    # Messages of several lines are those of the languages, tested whole where they are made.
    assert body["message"] == message or ("\n" in message and body["message"].startswith(message))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"task": "translate"}, "The model knows English only and cannot translate."),
        ({"language": "fr"}, "The model knows English only, not 'fr'."),
    ],
)
def test_what_an_english_only_model_refuses(given: dict[str, Any], message: str) -> None:
    fields = [("language", given["language"])] if "language" in given else []
    with pytest.raises(ApiError) as found:
        asked(
            ("model", "small"),
            *fields,
            task=given.get("task", "transcribe"),
            vocabulary_size=ENGLISH_ONLY,
        )
    assert found.value.message == message
    assert asked(("model", "small"), ("language", "en"), vocabulary_size=ENGLISH_ONLY)


def test_a_translation_has_no_language_field() -> None:
    with pytest.raises(ApiError) as found:
        asked(("model", "small"), ("language", "fr"), task="translate")
    assert found.value.message == "Unrecognized request argument supplied: language"
