"""The fields of a form, as OpenAI documents them, to what is to be transcribed and how.

An empty field counts as not given. What is unknown, given twice or not possible with this model is
refused by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ironbird.base.errors import UsageError
from whisper_pipeline.languages import language_code
from whisper_pipeline.server.api_error import ApiError
from whisper_pipeline.tokenizer import tokenizer_for
from whisper_pipeline.transcription_options import TranscriptionOptions

MODEL_ALIAS = "whisper-1"
"""OpenAI's name, under which programs ask for a model."""

RESPONSE_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
GRANULARITIES = ("segment", "word")
GRANULARITY_FIELD = "timestamp_granularities[]"
FIELDS_OF_TASK: Mapping[str, tuple[str, ...]] = {
    "transcribe": (
        *("model", "language", "prompt", "response_format", "temperature", "stream"),
        GRANULARITY_FIELD,
    ),
    "translate": ("model", "prompt", "response_format", "temperature", "stream"),
}


@dataclass(frozen=True, kw_only=True)
class TranscriptionRequest:
    """granularities: of the times in `verbose_json`."""

    options: TranscriptionOptions
    response_format: str
    granularities: tuple[str, ...]


def request_of(
    fields: Sequence[tuple[str, str]], *, task: str, model_name: str, vocabulary_size: int
) -> TranscriptionRequest:
    """Raises ApiError for what OpenAI refuses, too, and for what this model cannot do.

    fields: all but the file, in order.
    """
    given = _by_name([(name, value) for name, value in fields if value], FIELDS_OF_TASK[task])
    granularities = given.pop(GRANULARITY_FIELD, [])
    single = {name: values[0] for name, values in given.items()}
    _check_model(single.get("model"), model_name)
    if single.get("stream", "false").lower() not in ("false", "0"):
        raise ApiError(400, "stream is not supported: the text comes as a whole.", param="stream")
    response_format = _one_of(
        RESPONSE_FORMATS, single.get("response_format", "json"), "response_format"
    )
    for granularity in granularities:
        _one_of(GRANULARITIES, granularity, GRANULARITY_FIELD)
    if granularities and response_format != "verbose_json":
        raise ApiError(
            400,
            f"{GRANULARITY_FIELD} needs the response_format verbose_json.",
            param=GRANULARITY_FIELD,
        )
    return TranscriptionRequest(
        options=TranscriptionOptions(
            task=task,
            language=_language(single.get("language"), task, vocabulary_size),
            initial_prompt=single.get("prompt"),
            word_timestamps="word" in granularities,
            temperature=_temperatures(single.get("temperature", "0")),
        ),
        response_format=response_format,
        granularities=tuple(granularities) or ("segment",),
    )


def _by_name(fields: Sequence[tuple[str, str]], known: Sequence[str]) -> dict[str, list[str]]:
    """The values of each field; only granularities may come twice."""
    given: dict[str, list[str]] = {}
    for name, value in fields:
        # The brackets are OpenAI's notation of a list; some clients leave them out.
        whole = GRANULARITY_FIELD if name == GRANULARITY_FIELD[:-2] else name
        given.setdefault(whole, []).append(value)
    unknown = [name for name in given if name not in known]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise ApiError(
            400,
            f"Unrecognized request argument{plural} supplied: {', '.join(unknown)}",
            param=unknown[0],
        )
    for name, values in given.items():
        if len(values) > 1 and name != GRANULARITY_FIELD:
            raise ApiError(400, f"{name} is given {len(values)} times.", param=name)
    return given


def _check_model(asked: str | None, model_name: str) -> None:
    if asked is None:
        raise ApiError(400, "You must provide a model parameter.", param="model")
    check_model_name(asked, model_name)


def check_model_name(asked: str, model_name: str) -> None:
    """ApiError unless it is the model that is served."""
    if asked not in (model_name, MODEL_ALIAS):
        raise ApiError(
            404,
            f"The model {asked!r} does not exist here; {model_name!r} does.",
            param="model",
            code="model_not_found",
        )


def _one_of(known: Sequence[str], value: str, param: str) -> str:
    if value not in known:
        raise ApiError(
            400, f"{value!r} is not one of {', '.join(known)}.", param=param, code="invalid_value"
        )
    return value


def _language(asked: str | None, task: str, vocabulary_size: int) -> str | None:
    is_multilingual = tokenizer_for(vocabulary_size).is_multilingual
    if task == "translate" and not is_multilingual:
        raise ApiError(400, "The model knows English only and cannot translate.", param="model")
    if asked is None:
        return None
    try:
        code = language_code(asked)
        tokenizer_for(vocabulary_size, language=code)
    except UsageError as error:
        raise ApiError(400, str(error), param="language") from None
    if code != "en" and not is_multilingual:
        raise ApiError(400, f"The model knows English only, not {asked!r}.", param="language")
    return code


def _temperatures(text: str) -> tuple[float, ...]:
    """At 0 the temperature rises after failures, as OpenAI says and openai-whisper does it."""
    try:
        temperature = float(text)
    except ValueError:
        raise ApiError(400, f"{text!r} is not a number.", param="temperature") from None
    if not 0 <= temperature <= 1:
        raise ApiError(400, f"{text} is not between 0 and 1.", param="temperature")
    return (temperature,) if temperature else TranscriptionOptions().temperatures
