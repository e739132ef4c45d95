"""A bank of speech that needs no synthesiser: a tone for every word."""

import random
from pathlib import Path

import numpy as np

from tools.demo_model import grammar
from tools.demo_model.espeak import SAMPLES_PER_SECOND, Utterance
from tools.demo_model.speech_bank import SpeechBank, load_bank, write_bank

WORD_SAMPLES = SAMPLES_PER_SECOND // 4


def tone_bank(folder: Path, count: int = 12) -> SpeechBank:
    """Write and open a bank of `count` sentences; a word lasts a quarter of a second."""
    chooser = random.Random(3)
    spoken = []
    for _ in range(count):
        text = grammar.sentence(chooser)
        starts = [0, *(place + 1 for place, letter in enumerate(text) if letter == " ")]
        hertz = np.repeat([200 + 7 * len(word) for word in text.split()], WORD_SAMPLES)
        wave = 8000 * np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLES_PER_SECOND)
        moments = [(start, WORD_SAMPLES * index) for index, start in enumerate(starts)]
        spoken.append((text, "tone", Utterance(wave.astype(np.int16), moments)))
    write_bank(folder, spoken)
    return load_bank(folder)
