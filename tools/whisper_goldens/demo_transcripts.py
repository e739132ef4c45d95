"""What openai-whisper hears in the clips with the demo model, at defaults and under a sweep."""

import gzip
import json
from pathlib import Path
from typing import Any

from tools.whisper_goldens.sounds import Sound
from whisper_pipeline.audio import load_audio
from whisper_pipeline.model_files import SHIPPED

FILE = "demo_transcripts.json.gz"
CLIPS = Path(__file__).parents[2] / "tests" / "whisper" / "clips"

SWEEP: dict[str, dict[str, Any]] = {
    "beams": {"beam_size": 5, "temperature": 0.0},
    "patient_beams": {"beam_size": 3, "patience": 2.0, "length_penalty": 0.5, "temperature": 0.0},
    "english": {"language": "en", "temperature": 0.0},
    "words": {"word_timestamps": True},
    "words_of_beams": {"word_timestamps": True, "beam_size": 2, "temperature": 0.0},
    "hallucinations": {"word_timestamps": True, "hallucination_silence_threshold": 0.5},
    "unconditioned": {"condition_on_previous_text": False},
    "initial_prompt": {"initial_prompt": "Turn on the red lamp."},
    "carried_prompt": {"initial_prompt": "Call Anna.", "carry_initial_prompt": True},
    "without_timestamps": {"without_timestamps": True},
    "late_start": {"max_initial_timestamp": None, "suppress_blank": False},
    "all_tokens": {"suppress_tokens": ""},
    "clips": {"clip_timestamps": "0.5,2.5,3,4"},
    "no_thresholds": {
        "compression_ratio_threshold": None,
        "logprob_threshold": None,
        "no_speech_threshold": None,
    },
    "short": {"sample_len": 12, "temperature": 0.0},
}
SWEPT = "trained_voices_02"
"""A clip of two sentences."""


def all_runs() -> list[tuple[str, str, dict[str, Any]]]:
    """Name of the run, name of the clip, options."""
    clips = sorted(path.stem for path in CLIPS.glob("*.ogg"))
    runs: list[tuple[str, str, dict[str, Any]]] = [(clip, clip, {}) for clip in clips]
    return runs + [(f"{SWEPT}-{name}", SWEPT, options) for name, options in SWEEP.items()]


def sound_of(clip: str) -> Sound:
    """16 kHz float32, decoded as the pipeline does."""
    return load_audio(CLIPS / f"{clip}.ogg")


def record(folder: Path) -> None:
    from tools.demo_model.evaluate import load_transcribe
    from tools.whisper_goldens.openai_stand_in import shared_chance

    transcribe = load_transcribe(SHIPPED["demo"])
    content = {}
    for name, clip, options in all_runs():
        with shared_chance(0):
            content[name] = transcribe(sound_of(clip), **options)
    text = json.dumps(content, separators=(",", ":"))
    (folder / FILE).write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
