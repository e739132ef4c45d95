"""Transcripts of scripted models under a sweep of options, by openai-whisper."""

import gzip
import json
from pathlib import Path
from typing import Any

from tools.whisper_goldens.scripted_model import ScriptedModel, scripted_features

FILE = "transcripts.json.gz"

SWEEP: dict[str, dict[str, Any]] = {
    "defaults": {},
    "greedy_only": {"temperature": 0.0, "language": "de"},
    "beams": {"beam_size": 3, "patience": 1.5, "best_of": 2, "temperature": (0.0, 0.4)},
    "beams_with_penalty": {"beam_size": 2, "length_penalty": 0.7, "temperature": 0.0},
    "sampled": {"temperature": (0.6, 1.0), "best_of": 2},
    "no_thresholds": {
        "compression_ratio_threshold": None,
        "logprob_threshold": None,
        "no_speech_threshold": None,
    },
    "no_logprob": {"logprob_threshold": None, "no_speech_threshold": 0.3},
    "unconditioned": {"condition_on_previous_text": False, "task": "translate"},
    "initial_prompt": {"initial_prompt": "Names: Ada, Grace."},
    "carried_prompt": {"initial_prompt": "Names: Ada, Grace.", "carry_initial_prompt": True},
    "prefix": {"prefix": " Well", "sample_len": 20},
    "clips": {"clip_timestamps": "2,9.5,12,40,50"},
    "without_timestamps": {"without_timestamps": True, "sample_len": 30},
    "late_start": {"max_initial_timestamp": None, "suppress_blank": False, "suppress_tokens": ""},
    "words": {"word_timestamps": True},
    "words_in_japanese": {"word_timestamps": True, "language": "ja", "append_punctuations": "."},
    "hallucinations": {"word_timestamps": True, "hallucination_silence_threshold": 1.0},
    "careful": {
        "word_timestamps": True,
        "hallucination_silence_threshold": 0.2,
        "no_speech_threshold": None,
        "clip_timestamps": [3.0, 35.0],
    },
}


def all_runs() -> list[tuple[str, int, int, dict[str, Any]]]:
    """Name, seed, vocabulary and options of every recorded run."""
    runs = [(name, seed, 51865, options) for seed, (name, options) in enumerate(SWEEP.items())]
    runs += [(name, 20, 51864, SWEEP[name]) for name in ("defaults", "words")]
    runs += [(name, 21, 51866, SWEEP[name]) for name in ("defaults", "hallucinations")]
    return runs


def scripted(seed: int, vocabulary: int) -> tuple[ScriptedModel, Any]:
    """The model of a run and its features, 40 to 67 s of them."""
    return ScriptedModel(seed, vocabulary), scripted_features(4_000 + 1_337 * (seed % 3))


def record(folder: Path) -> None:
    from tools.whisper_goldens.openai_stand_in import openai_transcribe

    content = {
        f"{name}-{seed}": openai_transcribe(*scripted(seed, vocabulary), dict(options))
        for name, seed, vocabulary, options in all_runs()
    }
    text = json.dumps(content, separators=(",", ":"))
    (folder / FILE).write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
