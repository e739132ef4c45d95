"""Audio of any length to text: openai-whisper's sequential mode, and spans decoded together.

The result is openai-whisper's: a dictionary of `text`, `segments` and `language`. With a batch size
of 1, each window begins where the last one's text ended and is given what was said before. Above it
audio longer than a window is cut at quiet places, and windows of several spans are decoded
together, so that weights are read once for all of them; no window is given what was said before it.

Two ways in which openai-whisper would never end are closed: a window always moves on, and clips end
with the audio.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.decoding import decode
from whisper_pipeline.decoding_options import DecodingResult
from whisper_pipeline.lane import Lane
from whisper_pipeline.language_detection import detect_language
from whisper_pipeline.log_mel import (
    WINDOW_FRAMES,
    WINDOW_SAMPLES,
    Features,
    log_mel,
    window_of,
)
from whisper_pipeline.ops import Array, Buffer
from whisper_pipeline.segments import Segment, seconds_of
from whisper_pipeline.spans import spans
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.tokenizer import tokenizer_for
from whisper_pipeline.transcription_options import TranscriptionOptions

SAMPLES = "floats of -1 to 1 at 16 kHz: integers over 32768, the mean of channels"


@dataclass(frozen=True)
class Listener:
    """What wants to know how far a transcription is.

    language: called once with the code of a detected language.
    segments: called with the segments of each window; those of several spans come as they are made.
    progress: called with the frames done and all frames.
    """

    language: Callable[[str], None] = lambda code: None
    segments: Callable[[list[Segment]], None] = lambda segments: None
    progress: Callable[[int, int], None] = lambda done, total: None


def transcribe_audio(
    model: SpeechModel,
    audio: Array,
    options: TranscriptionOptions,
    *,
    listener: Listener | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Samples at 16 kHz to openai-whisper's result dictionary.

    seed: of sampling above temperature 0, so that a run can be repeated.
    """
    features = features_of(model, audio)
    return transcribe_features(model, features, options, listener=listener, seed=seed)


def features_of(model: SpeechModel, audio: Array) -> Features:
    """Features of samples at 16 kHz for this model, followed by a window of silence.

    Raises UsageError unless they are finite floats of one channel.
    """
    problem = _why_not_samples(audio)
    if problem is not None:
        raise UsageError("the array is not audio", because=problem, fix=SAMPLES)
    with model.ledger.on_host("features", "log-mel"):
        return log_mel(audio, model.dimensions.n_mels, padding_samples=WINDOW_SAMPLES)


def _why_not_samples(array: npt.NDArray[np.generic]) -> str | None:
    if array.ndim != 1:
        return f"its shape is {list(array.shape)}"
    if not np.issubdtype(array.dtype, np.floating):
        return f"it is of {array.dtype}"
    if not np.isfinite(array).all():
        return f"{np.count_nonzero(~np.isfinite(array))} of its numbers are not finite"
    return None


def transcribe_features(
    model: SpeechModel,
    features: Features,
    options: TranscriptionOptions,
    *,
    listener: Listener | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Features of the whole audio, followed by a window of silence, to the result dictionary."""
    if seed < 0:
        raise UsageError(f"seed={seed} is below 0")
    listener, random = listener or Listener(), np.random.default_rng(seed)
    language = options.language
    if language is None:
        language = _language_of(model, features, listener)
    tokenizer = tokenizer_for(model.dimensions.n_vocab, language=language, task=options.task)
    lanes = _lanes(model, features, options, language)
    waiting = [lane for lane in lanes if not lane.is_done]
    while waiting:
        batch = waiting[: options.batch_size]
        windows = [lane.window() for lane in batch]
        audio = model.encode(
            np.stack([window_of(features, window.seek, window.size) for window in windows])
        )
        results = _decode(model, audio, batch, random)
        for place, (lane, window) in enumerate(zip(batch, windows, strict=True)):
            listener.segments(lane.take(window, model.select(audio, [place]), results[place]))
        total = sum(lane.frame_count for lane in lanes)
        listener.progress(sum(lane.done_frames for lane in lanes), total)
        waiting = [lane for lane in waiting if not lane.is_done]
    segments = [segment for lane in lanes for segment in lane.segments]
    return {
        "text": tokenizer.decode([token for lane in lanes for token in lane.said]),
        "segments": [segment.as_mapping(index) for index, segment in enumerate(segments)],
        "language": language,
    }


def language_probabilities(model: SpeechModel, features: Features) -> dict[str, float]:
    """Of each language, by code, in the first 30 s. Raises UsageError for English-only models."""
    audio = model.encode(window_of(features, 0, WINDOW_FRAMES)[None])
    return detect_language(model, audio, 1)[0]


def _lanes(
    model: SpeechModel, features: Features, options: TranscriptionOptions, language: str
) -> list[Lane]:
    """A lane for each span; one lane for everything in sequence, or if there is only one span."""
    tokenizer = tokenizer_for(model.dimensions.n_vocab, language=language, task=options.task)
    content_frames = int(features.shape[1]) - WINDOW_FRAMES
    clips = options.clips(content_frames)
    cut = (
        []
        if options.batch_size == 1
        else [each for clip in clips for each in spans(features, *clip)]
    )
    if len(cut) <= 1:
        return [Lane(model, tokenizer, options, clips, content_frames)]
    return [
        Lane(
            model,
            tokenizer,
            options,
            [(start, end)],
            content_frames,
            conditioned=False,
            last_speech_end=seconds_of(start),
        )
        for start, end in cut
    ]


def _decode(
    model: SpeechModel, audio: Buffer, lanes: Sequence[Lane], random: np.random.Generator
) -> list[DecodingResult]:
    """For each lane's window the first temperature's text that is no failure, or the last one's.

    The lanes have equal options and prompts; at each temperature those that failed go on together.
    """
    options, language, prompt = lanes[0].options, lanes[0].tokenizer.language, lanes[0].prompt()
    results: dict[int, DecodingResult] = {}
    left = list(range(len(lanes)))
    for temperature in options.temperatures:
        window_options = options.decoding(temperature, language=language, prompt=prompt)
        chosen = audio if len(left) == len(lanes) else model.select(audio, left)
        decoded = decode(model, chosen, len(left), window_options, random)
        results |= dict(zip(left, decoded, strict=True))
        left = [place for place in left if options.is_failure(results[place])]
        if not left:
            break
    return [results[place] for place in range(len(lanes))]


def _language_of(model: SpeechModel, features: Features, listener: Listener) -> str:
    """The likeliest language of the first 30 s; English for English-only models."""
    if not tokenizer_for(model.dimensions.n_vocab).is_multilingual:
        return "en"
    found = language_probabilities(model, features)
    language = max(found, key=lambda code: found[code])
    listener.language(language)
    return language
