"""What a whole model with random weights hears in 45 s of sound, by openai-whisper.

From samples to words through every layer, under a sweep of options. Random weights babble, so that
every rule has something to do. The few runs of `RECORDED` are kept for machines without torch.
"""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from tools.whisper_goldens.sounds import RATE, Sound, speech_like
from whisper_pipeline.checkpoint import Checkpoint

FILE = "heard.json.gz"

COLD: dict[str, Any] = {"temperature": 0.0, "no_speech_threshold": None}
WORDS: dict[str, Any] = {**COLD, "word_timestamps": True}
NAMES = "Names: Ada Lovelace, Grace Hopper."

SWEEP: dict[str, dict[str, Any]] = {
    "defaults": {},
    "german": {**COLD, "language": "German"},
    "translated": {**COLD, "task": "translate", "language": "fr"},
    "beams": {**COLD, "beam_size": 3},
    "patient_beams": {**COLD, "beam_size": 2, "patience": 2.0, "length_penalty": 0.6},
    "beams_carried_and_clipped": {
        **COLD,
        "beam_size": 2,
        "clip_timestamps": "2,9.5,12,33.3,40",
        "initial_prompt": NAMES,
        "carry_initial_prompt": True,
        "sample_len": 10,
    },
    "best_of": {**COLD, "temperature": (0.4, 0.8), "best_of": 3},
    "beams_then_sampled": {**COLD, "temperature": (0.0, 0.5, 1.0), "beam_size": 4, "best_of": 2},
    "guesses": {"no_speech_threshold": None, "logprob_threshold": -0.1},
    "repetitions": {**COLD, "temperature": (0.0, 0.2), "compression_ratio_threshold": 0.5},
    "initial_prompt": {**COLD, "initial_prompt": NAMES},
    "carried_beyond_the_context": {
        **COLD,
        "initial_prompt": NAMES * 30,
        "carry_initial_prompt": True,
    },
    "unconditioned": {**COLD, "condition_on_previous_text": False},
    "prefix": {**COLD, "prefix": "Well then", "sample_len": 230, "clip_timestamps": "0,10"},
    "prefix_of_tokens": {**COLD, "prefix": [100, 200, 300], "initial_prompt": "x"},
    "clips": {**COLD, "clip_timestamps": "3,3,5,8,8,9,12"},
    "clips_as_numbers": {**COLD, "clip_timestamps": [0.0, 3.0]},
    "words": {**WORDS, "temperature": (0.0, 0.6), "clip_timestamps": "4,26", "sample_len": 14},
    "japanese_words": {**WORDS, "language": "ja"},
    "words_by_beams": {**WORDS, "beam_size": 2, "initial_prompt": "Hello."},
    "words_without_marks": {**WORDS, "prepend_punctuations": "", "append_punctuations": ""},
    "hallucinations": {**WORDS, "hallucination_silence_threshold": 0.5},
    "clipped_hallucinations": {
        **WORDS,
        "hallucination_silence_threshold": 1.0,
        "clip_timestamps": "1,20,22",
        "logprob_threshold": None,
    },
    "without_times": {**WORDS, "without_timestamps": True},
    "sampled_without_times": {
        **COLD,
        "temperature": 0.7,
        "best_of": 2,
        "length_penalty": 1.0,
        "without_timestamps": True,
        "prefix": "Well",
        "sample_len": 10,
    },
    "nothing_suppressed": {
        **COLD,
        "suppress_tokens": "",
        "suppress_blank": False,
        "max_initial_timestamp": None,
    },
    "more_suppressed": {**COLD, "suppress_tokens": [-1, 50, 51], "max_initial_timestamp": 0.5},
    "speech_for_sure": {"temperature": 0.0, "no_speech_threshold": 0.0, "logprob_threshold": -20.0},
    "silence": {"temperature": 0.0, "no_speech_threshold": 0.0},
}
RECORDED = ("beams_carried_and_clipped", "words", "sampled_without_times")


def options_of(name: str) -> dict[str, Any]:
    return {"sample_len": 24} | SWEEP[name]


@cache
def model_and_sound() -> tuple[Checkpoint, Sound]:
    pause = np.zeros(6 * RATE, np.float32)
    sound = np.concatenate([speech_like(20), pause, speech_like(19)])
    return random_checkpoint(small_dimensions(), seed=11), sound


def openai_hears(name: str) -> dict[str, Any]:
    from tools.whisper_goldens.openai_stand_in import shared_chance
    from tools.whisper_goldens.torch_model import torch_model

    checkpoint, sound = model_and_sound()
    with shared_chance(0):
        heard = torch_model(checkpoint).transcribe(sound, fp16=False, **options_of(name))
    return dict(json.loads(json.dumps(heard)))


def record(folder: Path) -> None:
    content = {name: openai_hears(name) for name in RECORDED}
    text = json.dumps(content, separators=(",", ":"))
    (folder / FILE).write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
