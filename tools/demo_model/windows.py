"""Spoken sentences to training windows: sound, the tokens Whisper should write, and when.

A window is what Whisper sees at once: some sentences with pauses, noise, and an end that is either
more noise, digital silence, or the zero features with which a clip is padded. Some hold no speech,
some follow on text that was transcribed before, and in a full window the last sentence may be cut:
then only its start is written, which is where the next window begins.
"""

import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tools.demo_model import vocabulary as tokens
from tools.demo_model.espeak import SAMPLES_PER_SECOND
from tools.demo_model.speech_bank import SpeechBank, Spoken
from tools.demo_model.vocabulary import Vocabulary
from whisper_pipeline.tokenizer import SECONDS_PER_TIMESTAMP

IGNORED = -100
"""The target of a position that is given and not predicted (torch's default)."""
FULL_WINDOW_SECONDS = 30.0
SILENT_SHARE = 0.06
TIMESTAMPS_SHARE = 0.8
UNDISTORTED_SHARE = 0.3
STRETCHES = (0.87, 1.15)
"""Length after over length before: pitch, speed and throat change together."""
WINDOW_GAINS = (-0.7, 0.1)
SENTENCE_GAINS = (-0.2, 0.2)
NOISE_LEVELS = (-4.0, -1.9)
"""Gains and levels are powers of ten of the amplitude; full scale is 1.0."""
SHORTEST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.5
LONGEST_DENSE_PAUSE_SECONDS = 0.8
SHORTEST_CUT_SECONDS = 0.3
"""Less of a sentence at a window's end cannot be heard as its start."""
CLEAN_SHARE = 0.15
LARGEST_PROMPT_TOKENS = 120
FIRST_SPEECH_SECONDS = 1.0
"""Whisper's decoder does not look for a first timestamp beyond this."""
NEAR_SECONDS = 0.1
"""How near to a boundary the guided head has to look when a timestamp is written."""

Span = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class WindowKind:
    """How to fill windows, as shares of all.

    dense_share: packed with sentences to the end. prompt_share: following on earlier text.
    digits_share: of the sentences, drawn among strings of digits, beside those that come by chance.
    """

    seconds: float
    most_sentences: int
    dense_share: float
    prompt_share: float = 0.0
    digits_share: float = 0.0


@dataclass(eq=False)
class Window:
    """One window. Lists of the tokens' length run in step; spans are seconds in the window.

    sound: float32 at 16 kHz. offset_seconds: where in 30 s it starts. rows: the decoder's input.
    targets: the row that each position predicts, or IGNORED. spans: where the guided head has to
    look to predict it. spoken: text rows in order, for CTC. content_seconds: where the sound ends
    and zero features begin.
    """

    sound: NDArray[np.float32]
    offset_seconds: float
    content_seconds: float
    rows: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    spans: list[Span | None] = field(default_factory=list)
    spoken: list[int] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True)
class _Placed:
    """A sentence in a window: its tokens with the span of each one's word."""

    start: float
    end: float
    tokens: list[tuple[int, Span]]


def draw_window(
    bank: SpeechBank, vocabulary: Vocabulary, kind: WindowKind, generator: np.random.Generator
) -> Window:
    """One window of `kind`, distorted for training."""
    count = round(kind.seconds * SAMPLES_PER_SECOND)
    room = FULL_WINDOW_SECONDS - kind.seconds
    offset = SECONDS_PER_TIMESTAMP * generator.integers(0, round(room / SECONDS_PER_TIMESTAMP) + 1)
    window = Window(np.zeros(count, np.float32), float(offset), kind.seconds)
    placed: list[_Placed] = []
    cut_start = None
    if generator.random() >= SILENT_SHARE:
        placed, cut_start = _place_sentences(window.sound, bank, vocabulary, kind, generator)
    _end_and_noise(window, placed, cut_start, generator)
    timed = generator.random() < TIMESTAMPS_SHARE
    prompt: list[int] = []
    if generator.random() < kind.prompt_share:
        prompt = _earlier_text(bank, vocabulary, generator, timed=timed)
    _write_tokens(window, placed, cut_start, prompt, vocabulary, timed=timed)
    return window


def _place_sentences(
    sound: NDArray[np.float32],
    bank: SpeechBank,
    vocabulary: Vocabulary,
    kind: WindowKind,
    generator: np.random.Generator,
) -> tuple[list[_Placed], float | None]:
    """Mix sentences into `sound`; the start of one that the window's end cuts, if any."""
    dense = generator.random() < kind.dense_share
    wanted = math.inf if dense else generator.integers(1, kind.most_sentences + 1)
    longest_pause = LONGEST_DENSE_PAUSE_SECONDS if dense else LONGEST_PAUSE_SECONDS
    position = int(generator.uniform(0.0, FIRST_SPEECH_SECONDS) * SAMPLES_PER_SECOND)
    window_gain = generator.uniform(*WINDOW_GAINS)
    placed: list[_Placed] = []
    while len(placed) < wanted:
        digits = kind.digits_share > 0 and generator.random() < kind.digits_share
        among = bank.digit_strings if digits else bank.utterances
        spoken = among[generator.integers(len(among))]
        stretch = 1.0
        if generator.random() >= UNDISTORTED_SHARE:
            stretch = generator.uniform(*STRETCHES)
        samples = _stretched(bank.samples(spoken), stretch)
        samples *= np.float32(10 ** (window_gain + generator.uniform(*SENTENCE_GAINS)))
        left = len(sound) - position
        if len(samples) > left:
            cuts = kind.seconds == FULL_WINDOW_SECONDS
            if cuts and placed and left >= SHORTEST_CUT_SECONDS * SAMPLES_PER_SECOND:
                sound[position:] += samples[:left]
                return placed, position / SAMPLES_PER_SECOND
            break
        sound[position : position + len(samples)] += samples
        placed.append(_placed(spoken, position, len(samples), stretch, vocabulary))
        pause = generator.uniform(SHORTEST_PAUSE_SECONDS, longest_pause)
        position += len(samples) + int(pause * SAMPLES_PER_SECOND)
        if position >= len(sound):
            break
    return placed, None


def _stretched(samples: NDArray[np.int16], stretch: float) -> NDArray[np.float32]:
    """Slower and lower for `stretch` > 1, full scale 1.0."""
    sound: NDArray[np.float32] = samples.astype(np.float32) / np.float32(32768)
    if stretch == 1.0:
        return sound
    moments = np.arange(int(len(sound) * stretch)) / stretch
    return np.interp(moments, np.arange(len(sound)), sound).astype(np.float32)


def _placed(
    spoken: Spoken, position: int, length: int, stretch: float, vocabulary: Vocabulary
) -> _Placed:
    starts = [position + sample * stretch for _, sample in spoken.word_starts]
    bounds = [moment / SAMPLES_PER_SECOND for moment in [*starts, position + length]]
    encoded = []
    for row, character in vocabulary.encode(spoken.text):
        word = sum(first <= character for first, _ in spoken.word_starts) - 1
        encoded.append((row, (bounds[word], bounds[word + 1])))
    return _Placed(position / SAMPLES_PER_SECOND, (position + length) / SAMPLES_PER_SECOND, encoded)


def _end_and_noise(
    window: Window,
    placed: list[_Placed],
    cut_start: float | None,
    generator: np.random.Generator,
) -> None:
    """Add noise, and let the content end some time after the last sentence."""
    sound, seconds = window.sound, window.content_seconds
    if generator.random() >= CLEAN_SHARE:
        noise = _noises()[generator.integers(2)]
        first = generator.integers(len(noise) - len(sound))
        level = np.float32(10 ** generator.uniform(*NOISE_LEVELS))
        sound += level * noise[first : first + len(sound)]
    ending = generator.integers(3)
    if ending == 0 or cut_start is not None:
        return
    last = placed[-1].end if placed else generator.uniform(0.5, seconds)
    content_seconds = min(seconds, last + generator.uniform(0.0, 1.0))
    sound[round(content_seconds * SAMPLES_PER_SECOND) :] = 0
    if ending == 1:
        window.content_seconds = content_seconds


@cache
def _noises() -> NDArray[np.float32]:
    """[2, samples] of variance one: white, and brown without its drift."""
    white = np.random.default_rng(0).standard_normal(2_000_000).astype(np.float32)
    spectrum = np.fft.rfft(white)
    hertz = np.fft.rfftfreq(len(white), 1 / SAMPLES_PER_SECOND)
    brown = np.fft.irfft(spectrum / np.maximum(hertz, 20.0), n=len(white))
    return np.stack([white, (brown / brown.std()).astype(np.float32)])


def _write_tokens(
    window: Window,
    placed: list[_Placed],
    cut_start: float | None,
    prompt: list[int],
    vocabulary: Vocabulary,
    *,
    timed: bool,
) -> None:
    """Fill rows, targets and spans in the order in which Whisper writes them."""
    row = vocabulary.row
    if prompt:
        window.rows += [row[tokens.START_OF_PREVIOUS], *prompt]
        window.targets += [IGNORED] * (len(prompt) + 1)
        window.spans += [None] * (len(prompt) + 1)
    first = row[tokens.ENGLISH] if placed else row[tokens.NO_SPEECH]
    window.rows += [row[tokens.START_OF_TRANSCRIPT], row[tokens.ENGLISH], row[tokens.TRANSCRIBE]]
    window.targets += [first, IGNORED]
    window.spans += [None, None]
    if not timed:
        window.rows.append(row[tokens.NO_TIMESTAMPS])
        window.targets.append(IGNORED)
        window.spans.append(None)

    written: list[tuple[int, Span | None]] = []

    def write_moment(seconds: float) -> None:
        near = (seconds - NEAR_SECONDS, seconds + NEAR_SECONDS)
        written.append((vocabulary.timestamp(window.offset_seconds + seconds), near))

    for sentence in placed:
        if timed:
            write_moment(sentence.start)
        written += sentence.tokens
        window.spoken += [token for token, _ in sentence.tokens]
        if timed:
            write_moment(sentence.end)
    if timed and cut_start is not None:
        write_moment(cut_start)
    if timed and not placed:
        written.append((vocabulary.timestamp(window.offset_seconds), None))
    end = placed[-1].end if placed and not timed else None
    after = (end - NEAR_SECONDS, end + NEAR_SECONDS) if end is not None else None
    window.rows += [token for token, _ in written]
    window.targets += [*(token for token, _ in written), row[tokens.END_OF_TEXT]]
    window.spans += [*(span for _, span in written), after]
    window.cut = cut_start is not None


def _earlier_text(
    bank: SpeechBank, vocabulary: Vocabulary, generator: np.random.Generator, *, timed: bool
) -> list[int]:
    """Rows as the transcript of the window before would have left them, its beginning cut off."""
    rows: list[int] = []
    moment = 0.0
    for _ in range(generator.integers(1, 8)):
        spoken = bank.utterances[generator.integers(len(bank.utterances))]
        end = moment + spoken.length / SAMPLES_PER_SECOND
        if end > FULL_WINDOW_SECONDS:
            break
        text = [token for token, _ in vocabulary.encode(spoken.text)]
        rows += [vocabulary.timestamp(moment), *text, vocabulary.timestamp(end)] if timed else text
        moment = end + generator.uniform(0.1, 1.0)
    return rows[-LARGEST_PROMPT_TOKENS:]
