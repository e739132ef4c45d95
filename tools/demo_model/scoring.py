"""Clips of known sentences, and how far a transcript is from them.

Case and punctuation count as words are compared. Timestamps are judged in clips whose number of
segments is right.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.demo_model.espeak import SAMPLES_PER_SECOND
from tools.demo_model.speech_bank import SpeechBank

Sound = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Clip:
    """A sound and what is said in it: (start, end, text) of every sentence, in seconds."""

    sound: Sound
    sentences: list[tuple[float, float, str]]


@dataclass
class Score:
    """Counts over clips. moments: absolute errors of starts and ends, in seconds."""

    words: int = 0
    errors: int = 0
    clips: int = 0
    exact: int = 0
    rightly_cut: int = 0
    moments: tuple[float, ...] = ()

    def add(self, clip: Clip, result: dict[str, Any]) -> None:
        """Count one transcribed clip."""
        reference = " ".join(text for _, _, text in clip.sentences).split()
        heard = result["text"].split()
        self.words += len(reference)
        self.errors += word_errors(reference, heard)
        self.clips += 1
        self.exact += reference == heard
        segments = result["segments"]
        if len(segments) == len(clip.sentences):
            self.rightly_cut += 1
            pairs = zip(clip.sentences, segments, strict=True)
            self.moments += tuple(
                abs(moment - segment[side])
                for (start, end, _), segment in pairs
                for moment, side in ((start, "start"), (end, "end"))
            )

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.words + other.words,
            self.errors + other.errors,
            self.clips + other.clips,
            self.exact + other.exact,
            self.rightly_cut + other.rightly_cut,
            self.moments + other.moments,
        )

    @property
    def word_error_rate(self) -> float:
        """Insertions, deletions and substitutions per word that was said."""
        return self.errors / self.words

    @property
    def timestamp_error_seconds(self) -> float:
        """The mean error; infinite where no clip was cut into the right number of segments."""
        return sum(self.moments) / len(self.moments) if self.moments else float("inf")

    def __str__(self) -> str:
        return (
            f"{100 * self.word_error_rate:5.1f} % | {self.exact}/{self.clips} | "
            f"{1000 * self.timestamp_error_seconds:4.0f} ms ({self.rightly_cut}/{self.clips})"
        )


def word_errors(reference: list[str], heard: list[str]) -> int:
    """The least number of words to insert, delete or replace (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(reference, start=1):
        before, row[0] = row[0], index
        for place, other in enumerate(heard, start=1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (word != other)),
            )
    return row[-1]


def draw_clip(bank: SpeechBank, sentence_count: int, generator: np.random.Generator) -> Clip:
    """Sentences with pauses of 0.15 to 1.5 s over a little noise."""
    position = int(generator.uniform(0.0, 1.0) * SAMPLES_PER_SECOND)
    gain = 10 ** generator.uniform(-0.6, 0.1) / 32768
    placed, sentences = [], []
    for _ in range(sentence_count):
        spoken = bank.utterances[generator.integers(len(bank.utterances))]
        placed.append((position, bank.samples(spoken).astype(np.float32) * np.float32(gain)))
        end = position + spoken.length
        sentences.append((position / SAMPLES_PER_SECOND, end / SAMPLES_PER_SECOND, spoken.text))
        position = end + int(generator.uniform(0.15, 1.5) * SAMPLES_PER_SECOND)
    sound = noise(position, generator)
    for first, samples in placed:
        sound[first : first + len(samples)] += samples
    return Clip(sound, sentences)


def noise(length: int, generator: np.random.Generator) -> Sound:
    """White noise between -80 and -44 dB of full scale."""
    level = np.float32(10 ** generator.uniform(-4.0, -2.2))
    return level * generator.standard_normal(length).astype(np.float32)
